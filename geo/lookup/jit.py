"""How the kernels of this room are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from numba import njit, types
from numba.extending import intrinsic

Kernel = TypeVar("Kernel", bound=Callable[..., Any])
_KINDS: Final = {float: types.float64, int: types.int64}


def kernel(function: Kernel) -> Kernel:
    """Return the function compiled on its first call, without the interpreter's lock.

    What was compiled is kept on disk where there is a place for it, so that the next process does
    not wait; where there is none (a read-only machine), each process compiles for itself.
    """
    return _compiled(function, error_model="numpy")


def lean_kernel(function: Kernel) -> Kernel:
    """Return the same for a function that makes no arrays: it need not count who holds which."""
    return _compiled(function, error_model="numpy", _nrt=False)


def short_kernel(function: Kernel) -> Kernel:
    """Return the same for a function that takes less time than giving the lock back and forth."""
    return _compiled(function, error_model="numpy", nogil=False)


def _compiled(function: Kernel, *, nogil: bool = True, **how: Any) -> Kernel:  # noqa: ANN401 the compiler's own options
    try:
        return cast("Kernel", njit(cache=True, nogil=nogil, **how)(function))
    except RuntimeError:  # numba's word for: no folder to keep it in
        return cast("Kernel", njit(nogil=nogil, **how)(function))


def entry_of(compiled: Kernel, *arguments: float) -> Kernel:
    """Return a compiled function as it is called once the kinds of its arguments are known.

    To look up which kinds they are takes as long as a short function itself. Whoever calls it gives
    numbers of the kinds of these `arguments`, with which it is asked once.
    """
    compiled(*arguments)
    made: Any = compiled
    kinds = tuple(_KINDS[type(argument)] for argument in arguments)
    return cast("Kernel", made.overloads[kinds].entry_point)


def _as_pointer(_typing: Any, address: Any) -> Any:  # noqa: ANN401 the compiler's own types
    """Return an address, a whole number, as a pointer: for compiled code alone."""

    def generate(context: Any, builder: Any, _signature: Any, given: Any) -> Any:  # noqa: ANN401 as above
        return builder.inttoptr(given[0], context.get_value_type(types.voidptr))

    return types.voidptr(address), generate


pointer: Any = intrinsic(_as_pointer)

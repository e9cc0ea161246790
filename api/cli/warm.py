"""`jingwei warm`: everything compiled ahead, so that nobody waits for the compiler."""

from __future__ import annotations

import time

import typer

from api.cli.progress import working


def warm() -> None:
    """Compile the search and the index of grids for this machine; at once when that is done."""
    # The kernels are what takes the time: not loaded for other commands.
    import geopandas as gpd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    from geo import redraw  # noqa: PLC0415
    from geo.lookup import GridIndex  # noqa: PLC0415

    began = time.perf_counter()
    with working("编译计算核心（一次，约半分钟）", "Compiling the kernels, once, half a minute"):
        redraw.warm()
        squares = gpd.GeoDataFrame(geometry=shapely.box([0, 1], 0, [1, 2], 1), index=["a", "b"])
        GridIndex(squares).prepare().replace(squares.head(1))
    seconds = time.perf_counter() - began
    typer.echo(f"计算核心已就绪，用时 {seconds:.1f} 秒。The kernels are ready: {seconds:.1f} s.")
    if not redraw.is_ready():
        typer.echo(
            "没有可写的文件夹保存编译结果；请设 NUMBA_CACHE_DIR，否则每次启动都要再编译。\n"
            "No folder to keep them in: set NUMBA_CACHE_DIR, or each start compiles again.",
            err=True,
        )

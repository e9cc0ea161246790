// Pieces that have come off their grid, or lie in none, most households first, each with the way to mend it.
import { NONE } from "./sketch.js";

/** @param {import("./desk.js").Desk} desk */
export function tornOf({ sketch, look, offers }) {
  const { atoms, codes, weight } = sketch.ground;
  const numbers = sketch.present().filter((number) => sketch.grids[number].broken);
  const pieces = numbers.flatMap((number) => sketch.piecesOf(number).slice(1).map((piece) => ({ number, piece })));
  const loose = sketch.label.includes(NONE) ? sketch.piecesOf(NONE).map((piece) => ({ number: NONE, piece })) : [];
  const found = [...pieces, ...loose].map(({ number, piece }) => {
    const { path, box } = look.landOf(piece);
    const names = new Set(piece.flatMap((node) => atoms[node].map((atom) => codes[atom])));
    const offer = (offers.get(sketch.grids[number]?.code ?? "") ?? []).find((each) => each.edit.atoms.some((atom) => names.has(atom))) ?? null;
    return {
      path, box, offer, loose: number === NONE, at: /** @type {[number, number]} */ ([box[2], (box[1] + box[3]) / 2]), name: look.grids.get(number)?.short ?? "",
      taker: offer ? look.grids.get(sketch.number.get(offer.edit.grid) ?? NONE)?.short ?? "" : "", households: piece.reduce((sum, node) => sum + weight[node], 0),
    };
  });
  return found.sort((a, b) => b.households - a.households);
}

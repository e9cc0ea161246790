// Dots and hatches, made once each, so that nothing is told by colour alone.

/** @type {Map<string, CanvasPattern | null>} */
const made = new Map();
const STEP = 6;

/** @param {CanvasRenderingContext2D} ctx @param {"dots" | "hatch" | "moved"} kind @param {string} colour */
export function pattern(ctx, kind, colour) {
  const key = `${kind} ${colour}`;
  if (!made.has(key)) made.set(key, ctx.createPattern(kind === "dots" ? dots(colour) : hatch(colour, kind === "moved" ? 1 : 1.1), "repeat"));
  return /** @type {CanvasPattern} */ (made.get(key));
}

/** @param {string} colour */
function dots(colour) {
  const [tile, ctx] = square(STEP);
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(1.5, 1.5, 0.9, 0, 7);
  ctx.fill();
  return tile;
}

/** @param {string} colour @param {number} width */
function hatch(colour, width) {
  const side = Math.round(STEP * Math.SQRT2);
  const [tile, ctx] = square(side);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  for (const shift of [-side, 0, side]) {
    ctx.moveTo(shift - 1, side + 1);
    ctx.lineTo(shift + side + 1, -1);
  }
  ctx.stroke();
  return tile;
}

/** @param {number} side @returns {[HTMLCanvasElement, CanvasRenderingContext2D]} */
function square(side) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = side;
  return [tile, /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"))];
}

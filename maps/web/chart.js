// A canvas layer for Leaflet that paints in px of the screen, and the world it measures in.
// Paths are made once, in px of zoom 18 around an origin, and only scaled when the map moves.

const REFERENCE_ZOOM = 18;

/** @typedef {{scale: number, dx: number, dy: number, zoom: number, map: L.Map, size: L.Point, metresPerPixel: number}} View */
/** @typedef {[number, number, number, number]} Box left, top, right, bottom */

const ACROSS = 256 * 2 ** REFERENCE_ZOOM; // px around the earth
const NORTHMOST = 85.0511287798; // degrees: the map is a square

/** Px of EPSG:3857, as Leaflet's `latLngToPoint` has them, without two objects a point: a page has 100,000. @param {GeoJSON.Position} position @returns {[number, number]} */
export function mercator([lon, lat]) {
  const sin = Math.sin((Math.max(-NORTHMOST, Math.min(NORTHMOST, lat)) * Math.PI) / 180);
  return [ACROSS * (lon / 360 + 0.5), ACROSS * (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI))];
}

export class World {
  /** @param {L.LatLng} origin */
  constructor(origin) {
    const [x, y] = mercator([origin.lng, origin.lat]);
    this.origin = { x, y };
    this.centre = origin;
  }

  /** @param {GeoJSON.Position} position @returns {[number, number]} */
  xy(position) {
    const [x, y] = mercator(position);
    return [x - this.origin.x, y - this.origin.y];
  }

  /** @param {number} x @param {number} y */
  latLng(x, y) {
    return L.CRS.EPSG3857.pointToLatLng(L.point(x + this.origin.x, y + this.origin.y), REFERENCE_ZOOM);
  }

  /** Rings or lines of a geometry, projected. @param {GeoJSON.Geometry | null} geometry @returns {[number, number][][]} */
  parts(geometry) {
    const to = (/** @type {GeoJSON.Position[]} */ line) => line.map((p) => this.xy(p));
    switch (geometry?.type) {
      case "Polygon":
      case "MultiLineString": return geometry.coordinates.map(to);
      case "MultiPolygon": return geometry.coordinates.flat().map(to);
      case "LineString": return [to(geometry.coordinates)];
      default: return [];
    }
  }

  /** @param {GeoJSON.Geometry | null} geometry */
  path(geometry) {
    const path = new Path2D();
    const closed = geometry?.type.endsWith("Polygon");
    for (const part of this.parts(geometry)) addPart(path, part, Boolean(closed));
    return path;
  }

  /** One path of many geometries. @param {(GeoJSON.Geometry | null)[]} geometries */
  pathOfAll(geometries) {
    const whole = new Path2D();
    for (const geometry of geometries) whole.addPath(this.path(geometry));
    return whole;
  }

  /** Where this world lies on a map's layer. @param {L.Map} map @returns {View} */
  view(map) {
    const zoom = map.getZoom();
    const at = map.project(this.centre, zoom).subtract(map.getPixelOrigin());
    const metresPerPixel = (40075016.686 * Math.cos((this.centre.lat * Math.PI) / 180)) / (256 * 2 ** zoom);
    return { scale: 2 ** (zoom - REFERENCE_ZOOM), dx: at.x, dy: at.y, zoom, map, size: map.getSize(), metresPerPixel };
  }
}

/** @param {Path2D} path @param {[number, number][]} part @param {boolean} closed */
function addPart(path, part, closed) {
  part.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
  if (closed) path.closePath();
}

/** A path of the world as it lies on the layer now. @param {Path2D} path @param {View} view */
export function placed(path, view) {
  const on = new Path2D();
  on.addPath(path, new DOMMatrix([view.scale, 0, 0, view.scale, view.dx, view.dy]));
  return on;
}

/** @param {[number, number]} xy @param {View} view @returns {[number, number]} */
export function placedPoint([x, y], view) {
  return [x * view.scale + view.dx, y * view.scale + view.dy];
}

/** @param {[number, number][]} points @returns {Box} */
export function boxOf(points) {
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  return [min(xs), min(ys), max(xs), max(ys)];
}

/** @param {number[]} values */
const min = (values) => values.reduce((a, b) => (b < a ? b : a), Infinity);
/** @param {number[]} values */
const max = (values) => values.reduce((a, b) => (b > a ? b : a), -Infinity);

/**
 * A Leaflet layer whose canvas is painted by `draw(context, view)` in layer px.
 * @param {World} world @param {(ctx: CanvasRenderingContext2D, view: View, box: Box) => void} draw
 * @param {{pane: string, padding?: number}} options
 */
export function paintLayer(world, draw, options) {
  const Layer = /** @type {any} */ (L.Renderer).extend({
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
    },
    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },
    _updatePaths() { /* a renderer of Leaflet's own would redraw its vectors here */ },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      /** @type {any} */ (L.Renderer).prototype._update.call(this);
      this.repaint();
    },
    repaint() {
      if (!this._map || !this._bounds) return;
      const { min: at } = this._bounds;
      const size = this._bounds.getSize();
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      const canvas = this._container;
      L.DomUtil.setPosition(canvas, at);
      canvas.width = size.x * ratio;
      canvas.height = size.y * ratio;
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      const ctx = canvas.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, -at.x * ratio, -at.y * ratio);
      draw(ctx, world.view(this._map), [at.x, at.y, at.x + size.x, at.y + size.y]);
    },
    /** Paint one box anew and leave the rest. @param {Box} box in layer px */
    patch(box) {
      if (!this._map || !this._bounds) return;
      const ctx = this._container.getContext("2d");
      const [left, top, right, bottom] = box;
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, right - left, bottom - top);
      ctx.clip();
      ctx.clearRect(left, top, right - left, bottom - top);
      draw(ctx, world.view(this._map), box);
      ctx.restore();
    },
  });
  return new Layer({ padding: 0.25, ...options });
}

/** @typedef {(ctx: CanvasRenderingContext2D, view: View, box: Box) => void} Draw */

/**
 * Layers over each other, lowest first, each in a pane of its name; what comes back paints those
 * named again, at once.
 * @template {string} T
 * @param {L.Map} map @param {World} world @param {[T, Draw][]} draws
 */
export function paintLayers(map, world, draws) {
  const layers = layersOver(map, world, draws);
  return (/** @type {T[]} */ ...names) => names.forEach((name) => layers.get(name).repaint());
}

/**
 * The same layers by name: `repaint()` paints one whole, `patch(box)` a box of it.
 * @template {string} T
 * @param {L.Map} map @param {World} world @param {[T, Draw][]} draws @returns {Map<T, any>}
 */
export function layersOver(map, world, draws) {
  return new Map(draws.map(([name, draw], i) => {
    pane(map, name, 200 + 10 * i);
    return [name, paintLayer(world, draw, { pane: name }).addTo(map)];
  }));
}

/** A pane of its own for one kind of content. @param {L.Map} map @param {string} name @param {number} order */
export function pane(map, name, order) {
  const made = map.createPane(name);
  made.style.zIndex = String(order);
  made.style.pointerEvents = "none";
  return made;
}

/** Is a point inside these rings (even-odd)? @param {[number, number][][]} rings @param {number} x @param {number} y */
export function inside(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[i];
      const [bx, by] = ring[j];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
    }
  }
  return odd;
}

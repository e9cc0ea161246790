// Issues as pages hold them: with a place and a time, a title and a near address.

/**
 * @typedef {{id?: number, number: string, source: string, service: string, text: string, address: string, state: string,
 *   card: "yellow" | "red" | null, reported_at: string | null, received_at?: string | null, due_at: string | null, grid: string | null,
 *   grid_name: string | null, community_name: string | null, subdistrict_name: string | null,
 *   grid_leader: string | null, grid_worker: string | null, street_manager: string | null, lane: string | null,
 *   at: GeoJSON.Position | null, time: number, accuracy_m?: number | null, grid_revision?: number | null, reporters?: number}} Issue `reporters`: how many different people, where there are several
 */

/** @param {GeoJSON.Feature[]} features @returns {Issue[]} */
export function issuesOf(features) {
  return features.map((feature) => {
    const held = /** @type {any} */ (feature.properties ?? {});
    const at = feature.geometry?.type === "Point" ? feature.geometry.coordinates : null;
    return { ...held, number: String(held.number ?? ""), state: held.state ?? "new", at, time: Date.parse(held.reported_at ?? held.received_at) || 0 };
  });
}

/** The first words of a text, as its title. @param {Issue} issue */
export function titleOf(issue) {
  const first = String(issue.text ?? "").split(/[。！？；\n]/u)[0].trim();
  return first.slice(0, 60) || issue.service || issue.number;
}

/** An address without what the grid's name has said already: district, subdistrict, community. @param {{address: string, community_name?: string | null}} issue */
export function nearAddress({ address, community_name: community }) {
  const at = community ? String(address ?? "").indexOf(community) : -1;
  return at < 0 ? address : address.slice(at + String(community).length).trim() || address;
}

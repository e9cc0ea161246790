declare module "polylabel" {
  export default function polylabel(rings: number[][][], precision?: number): [number, number];
}

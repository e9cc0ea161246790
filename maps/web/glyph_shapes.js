// Shapes of the task states, for every page: `var`, as the oldest phones know no other.

// 24 grid. `fill` is filled with the colour, `line` stroked, `cut` stroked white over a fill.
/** @type {Record<string, {fill?: string, line?: string, cut?: string, cutFill?: string, dash?: number[]}>} */
export var SHAPES = {
  "ring-dashed": { line: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z", dash: [4.2, 3.1] },
  "disc-arrow": { fill: "M12 2.5a9.5 9.5 0 1 1 0 19 9.5 9.5 0 0 1 0-19z", cut: "M7.5 12h8.5M12.5 8l4 4-4 4" },
  "ring-half": { line: "M12 3.6a8.4 8.4 0 1 1 0 16.8 8.4 8.4 0 0 1 0-16.8z", fill: "M12 3.6a8.4 8.4 0 0 1 0 16.8z" },
  "square-tick": { line: "M4.5 3.5h15a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1zM7.5 12.2l3.2 3.2 5.8-6.4" },
  "disc-tick": { fill: "M12 2.5a9.5 9.5 0 1 1 0 19 9.5 9.5 0 0 1 0-19z", cut: "M7.5 12.4l3.2 3.2 5.8-6.6" },
  "diamond-back": { fill: "M12 1.5L22.5 12 12 22.5 1.5 12z", cut: "M16 14.5v-1.5a2.5 2.5 0 0 0-2.5-2.5H8.5M11 7.8l-2.8 2.7 2.8 2.7" },
  "square-pause": { fill: "M4 3h16a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z", cut: "M9 7.5v9M15 7.5v9" },
};

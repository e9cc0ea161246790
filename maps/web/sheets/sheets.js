// Sheets to print: everything stands in the page, only the button is ours.
import { topBar } from "../bar.js";
import { config, part } from "../dom.js";

part("print").addEventListener("click", () => window.print());
if (document.getElementById("language")) {
  topBar(config().who);
}
document.body.dataset.ready = "sheets";

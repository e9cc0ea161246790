// Sheets to print: everything stands in the page, only the button is ours.
import { config, part } from "../dom.js";
import { keepAddressInLanguageLink, showWho } from "../stage.js";

part("print").addEventListener("click", () => window.print());
if (document.getElementById("language")) {
  keepAddressInLanguageLink();
  showWho(config().who);
}
document.body.dataset.ready = "sheets";

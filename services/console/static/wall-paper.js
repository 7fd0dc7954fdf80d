// On paper the wall is light, and as narrow as the sheet; charts and maps are told, for they draw to the width that they have.
const root = document.documentElement;
let theme;

function paper(on) {
  root.classList.toggle("paper", on);
  if (on) theme = root.dataset.theme;
  if (on) root.dataset.theme = "light";
  else if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  dispatchEvent(new Event("theme"));
  dispatchEvent(new Event("paper"));
}

addEventListener("beforeprint", () => paper(true));
addEventListener("afterprint", () => paper(false));

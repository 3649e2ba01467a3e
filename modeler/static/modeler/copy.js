// Buttons that copy the text of the element they name in data-copy.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false; // without script there is nothing to press
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const said = button.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(source.textContent);
      said.textContent = button.dataset.done;
    } catch {
      // No clipboard (plain http, no permission): select it, so that Ctrl-C does.
      window.getSelection().selectAllChildren(source);
      said.textContent = button.dataset.selected;
    }
    setTimeout(() => { said.textContent = ""; }, 4000);
  });
}

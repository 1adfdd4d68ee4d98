// Small comforts. Every page works without this file.
const page = document.documentElement;

// A table or map wider than its column can be scrolled with the keyboard.
for (const box of document.querySelectorAll(".table")) {
  const update = () => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  new ResizeObserver(update).observe(box);
}

// Buttons that only make sense with a script stay hidden until now.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// On paper nothing is folded away.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  for (const details of folded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
});

// The menu closes with Escape and gives the focus back.
const menu = document.querySelector(".menu-switch");
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A pin and its row on the list point to each other.
const partners = (element) => page.querySelectorAll(`[data-place="${CSS.escape(element.dataset.place)}"]`);
for (const element of document.querySelectorAll("[data-place]")) {
  for (const [name, on] of [["pointerenter", true], ["focusin", true], ["pointerleave", false], ["focusout", false]]) {
    element.addEventListener(name, () => {
      for (const other of partners(element)) other.classList.toggle("is-near", on);
    });
  }
}

// After a mistake the summary of errors is read first.
document.querySelector("[data-focus]")?.focus();

// Names of municipalities while typing: a list of suggestions, the field stays free.
for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-list`;
  input.after(list);
  input.setAttribute("list", list.id);
  let asked = "";
  input.addEventListener("input", async () => {
    const text = input.value.trim();
    if (text.length < 2 || text === asked) return;
    asked = text;
    const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`).catch(() => null);
    if (!answer?.ok || input.value.trim() !== text) return;
    list.replaceChildren(...(await answer.json()).map((name) => Object.assign(document.createElement("option"), { value: name })));
  });
}

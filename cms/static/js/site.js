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

// Completion of the search: a combobox with a list of links (titles, topics) and words; without script a plain field.
for (const input of document.querySelectorAll("input[data-complete]")) {
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}-options`, className: "options", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  input.parentElement.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) input.setAttribute(name, value);
  let chosen = -1;
  let asked = "";
  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (number) => {
    const options = [...list.children];
    chosen = options.length ? (number + options.length) % options.length : -1;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    if (chosen >= 0) input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const show = (items) => {
    list.replaceChildren(...items.map((item, place) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${place}`, textContent: item.text, className: item.kind });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.url = item.url;
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); location.href = item.url; });
      return option;
    }));
    list.hidden = !items.length;
    chosen = -1;
    input.setAttribute("aria-expanded", String(!!items.length));
  };
  input.addEventListener("input", async () => {
    const text = input.value;
    asked = text;
    if (text.trim().length < 2) return close();
    const answer = await fetch(`${input.dataset.complete}?q=${encodeURIComponent(text)}`).catch(() => null);
    if (answer?.ok && asked === input.value) show((await answer.json()).items);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { close(); event.preventDefault(); }
    if (list.hidden) return;
    if (event.key === "ArrowDown") { choose(chosen + 1); event.preventDefault(); }
    if (event.key === "ArrowUp") { choose(chosen < 0 ? -1 : chosen - 1); event.preventDefault(); }
    if (event.key === "Enter" && chosen >= 0) { location.href = list.children[chosen].dataset.url; event.preventDefault(); }
  });
  input.addEventListener("blur", close);
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

// “Where I am”: the browser is asked on this click only; two decimals (about a kilometre) go into the address.
for (const button of document.querySelectorAll("button[data-locate]")) {
  if (!navigator.geolocation) break;
  const { form } = button;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.at?.remove();
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "at", value: `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}` }));
      form.elements.near.value = "";
      form.submit();
    }, () => { form.querySelector("[data-locate-note]").textContent = button.dataset.failed; }, { timeout: 10000 });
  });
}

// External content: a frame only after a click, or where the visitor has allowed its provider for good.
const STORE = "allowed-providers";
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms allow-presentation";
const allowed = () => {
  try { return new Set(JSON.parse(localStorage.getItem(STORE)) ?? []); } catch { return new Set(); }
};
const remember = (keys) => {
  try {
    if (keys.size) localStorage.setItem(STORE, JSON.stringify([...keys]));
    else localStorage.removeItem(STORE);
  } catch { /* a browser that keeps nothing asks again */ }
};
const open = (box) => {
  const frame = Object.assign(document.createElement("iframe"), { title: box.dataset.title, allowFullscreen: true, loading: "lazy" });
  frame.setAttribute("sandbox", SANDBOX);
  frame.referrerPolicy = "referrer" in box.dataset ? "strict-origin-when-cross-origin" : "no-referrer";
  frame.src = box.dataset.frame;
  box.querySelector(".embed-door").replaceWith(frame);
  box.querySelector(".embed-back").hidden = false;
  return frame;
};
for (const box of document.querySelectorAll("[data-embed]")) {
  if (allowed().has(box.dataset.embed)) { open(box); continue; }
  box.querySelector(".embed-ask").hidden = false;
  for (const button of box.querySelectorAll("[data-load]")) {
    button.addEventListener("click", () => {
      if (button.dataset.load) remember(allowed().add(box.dataset.embed));
      open(box).focus();
    });
  }
}
for (const list of document.querySelectorAll("[data-allowed]")) {
  const show = () => {
    for (const item of list.querySelectorAll("[data-provider]")) {
      const is = allowed().has(item.dataset.provider);
      item.querySelector("[data-asked]").hidden = is;
      item.querySelector("[data-granted]").hidden = !is;
    }
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-revoke]");
    if (!button) return;
    const keys = allowed();
    keys.delete(button.closest("[data-provider]").dataset.provider);
    remember(keys);
    show();
    const said = list.querySelector("[data-said]");
    said.textContent = button.dataset.revoke;
    said.tabIndex = -1;
    said.focus();
  });
  show();
}

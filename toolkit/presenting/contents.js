// The contents at the side, search within long tables, printing: what the page does beside the drill-down.

function openSection(section) {
  if (section instanceof HTMLDetailsElement) section.open = true;
  section.scrollIntoView({ block: "start" });
}

async function findInTable(field) {
  const holder = field.closest(".long");
  await Promise.all(Array.from(holder.querySelectorAll(":scope > details"), unpackFold));
  const word = field.value.trim();
  for (const row of holder.querySelectorAll("tbody tr")) row.hidden = !row.textContent.includes(word);
  for (const rest of holder.querySelectorAll(":scope > details")) rest.open = word !== "";
}

function markSeen(entries) {
  for (const { target, isIntersecting } of entries) {
    const link = document.querySelector(`nav.contents a[href="#${target.id}"]`);
    if (link) link.classList.toggle("seen", isIntersecting);
  }
}

// What is to be pushed is printed whole, also the rows that are folded on the screen.
function printWhole() {
  const folds = [...document.querySelectorAll(".printed .long > details")];
  const shut = () => folds.filter((fold) => !fold.open);
  let opened = [];
  folds.forEach(unpackFold);
  window.addEventListener("beforeprint", () => (opened = shut()).forEach((fold) => (fold.open = true)));
  window.addEventListener("afterprint", () => opened.forEach((fold) => (fold.open = false)));
}

function startContents() {
  for (const link of document.querySelectorAll("nav.contents a")) {
    link.onclick = (event) => {
      event.preventDefault(); // the address belongs to the drill-down
      openSection(document.getElementById(link.getAttribute("href").slice(1)));
    };
  }
  for (const button of document.querySelectorAll("[data-print]")) button.onclick = () => window.print();
  const watcher = new IntersectionObserver(markSeen, { rootMargin: "-20% 0px -60% 0px" });
  for (const section of document.querySelectorAll("main [id]")) watcher.observe(section);
}

startContents();
printWhole();

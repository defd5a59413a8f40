// The list of the inbox: many chosen at once, what is done to them, and its undo.
"use strict";

const many = document.getElementById("many");
const all = document.getElementById("all");

function boxes() { return [...document.querySelectorAll(".pick input")]; }

function counted() {
  const shown = boxes();
  const picked = shown.filter((one) => one.checked).length;
  const box = all.querySelector("input");
  box.checked = picked > 0 && picked === shown.length;
  box.indeterminate = picked > 0 && picked < shown.length;
  document.getElementById("number").textContent = picked ? `${picked} chosen` : "Choose all shown";
  document.getElementById("chosen").hidden = !picked;
  many.hidden = !shown.length;
}

async function doToMany(deed) {
  const values = new URLSearchParams(new FormData(many));
  values.set("deed", deed);
  try {
    const answer = await fetch(many.action, {
      method: "POST", headers: { "X-Console": "1" }, body: values,
      signal: AbortSignal.timeout(LONGEST_WAIT),
    });
    if (answer.status === 401) { location.assign("/console/sign-in"); return; }
    const told = await answer.json();
    const again = told.undo ? "/console/undo" : "";
    offerUndo(told.told || told.detail, again, { csrf: values.get("csrf"), deed: told.deed, undo: told.undo });
    if (answer.ok) for (const one of boxes()) one.checked = false;
  } catch {
    offerUndo("The server cannot be reached. Try again.", "", {});
  }
  counted();
  refresh();
}

if (many) {
  all.hidden = false;
  counted();
  many.addEventListener("submit", (event) => {
    event.preventDefault();
    doToMany(event.submitter.value);
  });
  document.addEventListener("change", (event) => {
    if (event.target === all.querySelector("input")) {
      for (const one of boxes()) one.checked = event.target.checked;
    } else if (!event.target.closest(".pick")) return;
    counted();
  });
  document.addEventListener("console-shown", counted);
  KEYS.x = () => {
    const row = document.activeElement.closest(".row");
    row?.querySelector(".pick input").click();
  };
}

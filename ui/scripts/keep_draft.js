// Hands over what stands in the answer box at every pause in typing; Streamlit would wait until the box is left.

const PAUSE = 700; // milliseconds without a key that count as a pause
const PATIENCE = 5000; // and how long somebody who makes none may type on
const BOX = '[class*="st-key-draft-"] textarea';

let waiting = 0;
let since = 0; // when the first letter was typed that is not handed over

function handOver(box) {
  waiting = since = 0;
  // What React takes for leaving the box: the focus and the caret stay where they are.
  if (box.isConnected) box.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}

function hear(event) {
  const box = event.target;
  if (!(box instanceof HTMLTextAreaElement) || !box.matches(BOX)) return;
  clearTimeout(waiting);
  since = since || Date.now();
  const left = since + PATIENCE - Date.now();
  waiting = setTimeout(handOver, Math.max(0, Math.min(PAUSE, left)), box);
}

export default function () {
  document.addEventListener("input", hear); // the same function twice is heard once
  return () => document.removeEventListener("input", hear);
}

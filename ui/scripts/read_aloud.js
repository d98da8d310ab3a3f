// Reads a question aloud with a voice of the browser's own; without one it says so, and nothing else changes.

const PATIENCE = 1500; // milliseconds in which voices may still be loading
const read = new Set(); // what has been read by itself in this tab, so that no rerun of the page repeats it

const supported = () => "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;

function voices() {
  return new Promise((resolve) => {
    const found = speechSynthesis.getVoices();
    if (found.length) return resolve(found);
    const settle = () => resolve(speechSynthesis.getVoices());
    speechSynthesis.addEventListener("voiceschanged", settle, { once: true });
    setTimeout(settle, PATIENCE);
  });
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const label = parentElement.querySelector("[data-label]");
  const notice = parentElement.querySelector("[role=status]");
  let speaking = null;
  let gone = false;

  const show = (on) => {
    label.textContent = on ? "Stop" : "Hear the question";
    button.setAttribute("aria-pressed", String(on));
  };

  const stop = () => {
    speaking = null;
    if (supported()) speechSynthesis.cancel();
    show(false);
  };

  const speak = async (asked) => {
    const found = supported() ? await voices() : [];
    if (gone) return;
    if (!found.length) {
      if (asked) notice.textContent = "This browser has no voice to read with.";
      return;
    }
    speechSynthesis.cancel();
    const utterance = new SpeechSynthesisUtterance(data.text);
    utterance.lang = data.language;
    utterance.voice =
      found.find((voice) => voice.default && voice.lang.startsWith(data.language)) ||
      found.find((voice) => voice.lang.startsWith(data.language)) ||
      null;
    const ended = () => {
      if (speaking === utterance) {
        speaking = null;
        show(false);
      }
    };
    utterance.onend = ended;
    utterance.onerror = ended; // a browser that wants a click first refuses what begins by itself
    speaking = utterance;
    show(true);
    speechSynthesis.speak(utterance);
  };

  button.onclick = () => (speaking ? stop() : speak(true));
  show(false);
  if (data.aloud && !read.has(data.id)) {
    read.add(data.id);
    speak(false);
  }
  return () => {
    gone = true;
    stop();
  };
}

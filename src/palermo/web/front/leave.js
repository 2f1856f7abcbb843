// "Leave this page": hides the page at once, replaces it in the history, and goes to a neutral page.
// Pressing Shift three times within five seconds does the same.

export function leaveQuickly() {
  const link = document.querySelector("a[data-leave]");
  if (!link) return;
  const go = (event) => {
    event?.preventDefault();
    document.documentElement.hidden = true;
    document.title = "…";
    try { sessionStorage.clear(); localStorage.clear(); } catch { /* storage may be switched off */ }
    location.replace(link.href);
  };
  link.addEventListener("click", go);
  let presses = [];
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") { presses = []; return; }
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < 5000), now];
    if (presses.length >= 3) go();
  });
}

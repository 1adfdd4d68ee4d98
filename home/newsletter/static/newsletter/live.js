// Keeps the numbers of a running mailing up to date; without script the page shows them as they were when it was opened.
const box = document.querySelector("[data-live]");
const again = async () => {
  const answer = await fetch(box.dataset.live);
  if (!answer.ok) return;
  box.innerHTML = await answer.text();
  if (box.querySelector("[data-running]")) setTimeout(again, 3000);
};
if (box && box.querySelector("[data-running]")) setTimeout(again, 3000);

// The photos of a report: made smaller on the device, kept there until the report is sent, and uploaded at once with progress.
import { el, lang, newId, Problem, t } from "/static/core.js";

const LONGEST = 1920; // pixels on the long side
const MOST = 10;
const AT_ONCE = 2;

// Returns {add(files), ready(), names(), count(), clear(), restore()}; `onChange` is told after each change, `onFault(sentence)` what went wrong.
export function photos(list, { store, onChange, onFault }) {
  let all = []; // {id, blob, name, share, failed, li}
  let running = 0;

  async function add(files) {
    for (const file of files) {
      if (all.length >= MOST) return onFault(t("At most {n} photos.", { n: MOST }));
      const photo = { id: newId(), blob: await smaller(file), name: null, share: 0 };
      show(photo);
      await store.put(photo.id, { blob: photo.blob, name: null, at: Date.now() });
    }
    upload();
  }

  function show(photo) {
    all.push(photo);
    photo.url = URL.createObjectURL(photo.blob);
    photo.bar = el("progress", { max: 1, value: photo.share, "aria-label": t("Upload") });
    photo.again = el("button", { type: "button", class: "button", hidden: true, onclick: () => retry(photo) }, t("Upload again"));
    const off = el("button", { type: "button", class: "icon off", "aria-label": t("Remove the photo"), onclick: () => remove(photo) }, "×");
    photo.li = el("li", {}, el("img", { src: photo.url, alt: t("Photo {n}", { n: all.length }) }), photo.bar, photo.again, off);
    list.append(photo.li);
    mark(photo);
    onChange();
  }

  function mark(photo) {
    photo.bar.value = photo.share;
    photo.bar.hidden = Boolean(photo.name) || photo.failed;
    photo.again.hidden = !photo.failed;
    photo.li.classList.toggle("done", Boolean(photo.name));
  }

  function upload() {
    for (const photo of all.filter((one) => !one.name && !one.failed && !one.sending)) {
      if (running >= AT_ONCE || !navigator.onLine) return;
      running += 1;
      photo.sending = send(photo).finally(() => {
        running -= 1;
        photo.sending = null;
        mark(photo);
        onChange();
        upload();
      });
    }
  }

  async function send(photo) {
    try {
      photo.name = await posted(photo.blob, (share) => { photo.share = share; mark(photo); });
      if (all.includes(photo)) await store.put(photo.id, { blob: photo.blob, name: photo.name, at: Date.now() });
    } catch (problem) {
      photo.failed = true;
      if (problem.status) onFault(problem.errors?.[0]?.message || problem.message);
    }
  }

  function retry(photo) {
    Object.assign(photo, { failed: false, share: 0 });
    mark(photo);
    upload();
  }

  function remove(photo) {
    all = all.filter((one) => one !== photo);
    URL.revokeObjectURL(photo.url);
    photo.li.remove();
    store.remove(photo.id);
    onChange();
  }

  // Waits until everything is uploaded; returns whether it is.
  async function ready() {
    for (const photo of all) if (photo.failed) retry(photo);
    upload();
    while (all.some((one) => one.sending)) await Promise.allSettled(all.map((one) => one.sending));
    return all.every((one) => one.name);
  }

  return {
    add,
    ready,
    names: () => all.map((one) => one.name).filter(Boolean),
    count: () => all.length,
    waiting: () => all.some((one) => one.sending),
    clear() { for (const photo of [...all]) remove(photo); },
    async restore() {
      for (const [id, kept] of await store.all()) show({ id, blob: kept.blob, name: kept.name, share: 0 });
      upload();
    },
  };
}

// Returns the picture as a JPEG of a size that a slow connection can bear; what the browser cannot read is left to the server.
export async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 400_000 && file.type === "image/jpeg") return file;
    const canvas = el("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
    return made || file;
  } catch {
    return file;
  }
}

// Sends one photo to intake and returns its name; `onShare` is told how much of it has been sent, from 0 to 1. Throws Problem.
export function posted(blob, onShare = () => {}) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/do/intake/photos");
    request.setRequestHeader("content-type", blob.type || "image/jpeg");
    request.setRequestHeader("gridcase-page", "1");
    request.setRequestHeader("accept-language", lang);
    request.responseType = "json";
    request.upload.onprogress = (event) => { if (event.lengthComputable) onShare(0.95 * (event.loaded / event.total)); };
    request.onload = () => (request.status === 201 ? done(request.response[0].name) : fail(new Problem(request.status, request.response || {})));
    request.onerror = () => fail(new Problem(0));
    request.send(blob);
  });
}

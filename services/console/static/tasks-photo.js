// Photos as the phone keeps them until they are sent: smaller, and without position and other metadata.
import { newId } from "/static/core.js";

const LONGEST = 2048; // pixels
const QUALITY = 0.85;

// Returns {id, blob} of a photo that was taken or chosen. A format that this browser cannot read goes as it is: intake makes it anew.
export async function shrunk(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!image) return { id: newId(), blob: file };
  const share = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * share));
  canvas.height = Math.max(1, Math.round(image.height * share));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
  return { id: newId(), blob: blob ?? file };
}

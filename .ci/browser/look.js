// What the browser test asks of a page. Each function returns a list.

// unfold opens every fold, so that what is in it is looked at, too.
function unfold() { for (const d of document.querySelectorAll('details')) d.open = true; }

const label = e => `${e.tagName.toLowerCase()}.${e.getAttribute('class') || ''} "${(e.textContent || '').trim().slice(0, 30)}"`;

// within reports whether an element lies in a box that scrolls by itself.
const within = e => e.closest('.scroll, pre') !== null;

// wide lists elements that reach over the right edge of the window.
function wide() {
  const out = [], right = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > right) out.push(`the page has ${document.documentElement.scrollWidth} px`);
  for (const e of document.querySelectorAll('main *')) {
    if (e.closest('svg') && e.tagName !== 'svg') continue;
    const box = e.getBoundingClientRect();
    if (box.width > 0 && box.right > right + 0.5 && !(within(e) && !e.matches('.scroll, pre'))) out.push(label(e));
  }
  return [...new Set(out)].slice(0, 5);
}

// clipped lists elements that paper has no room for: it cannot scroll.
function clipped() {
  const out = [], right = document.documentElement.clientWidth;
  for (const e of document.querySelectorAll('main *')) {
    if (e.closest('svg') && e.tagName !== 'svg' || !e.checkVisibility()) continue;
    const box = e.getBoundingClientRect();
    if (box.width > 0 && box.right > right + 0.5) out.push(label(e));
  }
  return [...new Set(out)].slice(0, 5);
}

// texts lists the elements that have a text of their own and are seen.
function texts() {
  return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() &&
    [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim() !== ''));
}

const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});

// over returns the colour of a paint on a ground, both as CSS or [r, g, b].
function over(ground, css) {
  paint.fillStyle = `rgb(${ground.join(',')})`;
  paint.fillRect(0, 0, 1, 1);
  paint.fillStyle = css;
  paint.fillRect(0, 0, 1, 1);
  return [...paint.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

// ground returns the colour behind an element.
function ground(e) {
  const chain = [];
  for (let at = e; at; at = at.parentElement) chain.unshift(getComputedStyle(at).backgroundColor);
  return chain.reduce(over, [255, 255, 255]);
}

// luminance is that of WCAG 2.1.
function luminance(rgb) {
  const [r, g, b] = rgb.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// faint lists texts with a contrast below 4.5, or 3 if they are large.
function faint() {
  const out = [];
  for (const e of texts()) {
    const style = getComputedStyle(e), behind = ground(e);
    const front = over(behind, e.closest('svg') ? style.fill : style.color);
    const [a, b] = [luminance(front), luminance(behind)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < (large ? 3 : 4.5)) out.push(`${label(e)} ${contrast.toFixed(2)}`);
  }
  return out.slice(0, 8);
}

// reachable lists what Tab should stop at, in its order.
function reachable() {
  return [...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter(e => e.checkVisibility());
}

const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
const notice = document.querySelector('#notice');

async function call(path, options) {
  const response = await fetch(`/api${path}`, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** An element with classes, text and children. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/** A coloured tile with the first letter, in place of a picture. */
function tile(name, hue) {
  const element = make('span', 'tile', name[0]);
  element.style.setProperty('--hue', hue);
  element.setAttribute('aria-hidden', 'true');
  return element;
}

function productCard({ id, name, description, hue, cents, stock }) {
  const button = make('button', '', stock > 0 ? 'Order' : 'Sold out');
  button.disabled = stock === 0;
  button.setAttribute('aria-label', `Order ${name}`);
  button.addEventListener('click', () => order(id, name));
  return make(
    'li',
    'product',
    tile(name, hue),
    make('div', 'words', make('h3', '', name), make('p', '', description)),
    make('div', 'buy', make('strong', '', money.format(cents / 100)), button),
    make('small', '', `${stock} in stock`),
  );
}

function orderRow({ id, name, hue, quantity, cents, status }) {
  return make(
    'li',
    'order',
    make('span', 'number', `#${id}`),
    tile(name, hue),
    make('span', 'what', `${quantity} × ${name}`),
    make('span', 'price', money.format(cents / 100)),
    make('span', `status ${status}`, status),
  );
}

const shown = new Map();

/** Replaces the elements of a list when what they show has changed, so that clicks are not lost. */
function show(selector, rows, render) {
  const text = JSON.stringify(rows);
  if (shown.get(selector) === text) return;
  shown.set(selector, text);
  document.querySelector(selector).replaceChildren(...rows.map(render));
}

async function refresh() {
  try {
    const [products, orders] = await Promise.all([call('/products'), call('/orders')]);
    show('#products', products, productCard);
    show('#orders', orders, orderRow);
    notice.textContent = '';
  } catch (error) {
    notice.textContent = `The shop is closed at the moment: ${error.message}`;
  }
}

async function order(productId, name) {
  try {
    await call('/orders', { method: 'POST', body: JSON.stringify({ productId }) });
    await refresh();
  } catch (error) {
    notice.textContent = `${name}: ${error.message}`;
  }
}

await refresh();
setInterval(refresh, 1500);

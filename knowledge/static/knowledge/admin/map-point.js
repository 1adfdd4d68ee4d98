/* Sets latitude and longitude by a click on the map and warns when the point lies elsewhere than the state. */
(() => {
  "use strict";

  const DECIMALS = 4; // about ten metres

  function connect(box) {
    const latitude = document.getElementById(box.dataset.latitude);
    const longitude = document.getElementById(box.dataset.longitude);
    const stateField = document.getElementById(box.dataset.stateField);
    const svg = box.querySelector("svg");
    const pin = svg.querySelector("circle");
    const shapes = [...svg.querySelectorAll("path")];
    const warning = box.querySelector("[data-map-point-warning]");
    const [scale, west, north, margin] = ["scale", "west", "north", "margin"].map((name) => Number(box.dataset[name]));
    if (!latitude || !longitude) return;

    const chosenState = () => (stateField ? stateField.value : box.dataset.state);

    function toMap(lat, lon) {
      const x = (lon * Math.PI) / 180;
      const y = -Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
      return { x: margin + (x - west) * scale, y: margin + (y - north) * scale };
    }

    function toEarth(x, y) {
      const mercator = (y - margin) / scale + north;
      return {
        lat: ((2 * Math.atan(Math.exp(-mercator)) - Math.PI / 2) * 180) / Math.PI,
        lon: (((x - margin) / scale + west) * 180) / Math.PI,
      };
    }

    /* The outlines are simplified: points within two units of a shape count as inside. */
    function isIn(shape, { x, y }) {
      const near = [[0, 0], [2, 0], [-2, 0], [0, 2], [0, -2]];
      return near.some(([right, down]) => shape.isPointInFill(new DOMPoint(x + right, y + down)));
    }

    function warn(point) {
      const state = chosenState();
      const own = shapes.find((shape) => shape.dataset.code === state);
      if (!point || (own && isIn(own, point))) return "";
      if (!shapes.some((shape) => isIn(shape, point))) return box.dataset.outside;
      return own ? box.dataset.outsideState : "";
    }

    function show() {
      const lat = Number.parseFloat(latitude.value);
      const lon = Number.parseFloat(longitude.value);
      const point = Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) < 90 ? toMap(lat, lon) : null;
      pin.setAttribute("cx", point ? point.x : -99);
      pin.setAttribute("cy", point ? point.y : -99);
      for (const shape of shapes) {
        shape.classList.toggle("map-point__state--chosen", shape.dataset.code === chosenState());
      }
      const text = warn(point);
      if (warning.textContent !== text) warning.textContent = text;
    }

    function set(field, value) {
      field.value = value.toFixed(DECIMALS);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    svg.addEventListener("click", (event) => {
      if (latitude.disabled || latitude.readOnly) return;
      const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const { lat, lon } = toEarth(spot.x, spot.y);
      set(latitude, lat);
      set(longitude, lon);
      show();
    });
    for (const field of [latitude, longitude, stateField]) {
      if (field) field.addEventListener("input", show);
      if (field) field.addEventListener("change", show);
    }
    show();
  }

  function start() {
    for (const box of document.querySelectorAll("[data-map-point]")) connect(box);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

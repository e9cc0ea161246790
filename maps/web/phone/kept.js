// What the phone keeps: in IndexedDB, else in localStorage, else only as long as the page is open.
// Rows have a `key`; there are three drawers: `queue`, `draft`, `seen`.

/** @typedef {{kind: "indexed" | "local" | "memory", put: (drawer: string, row: any) => Promise<void>, all: (drawer: string) => Promise<any[]>, drop: (drawer: string, key: string) => Promise<void>}} Kept */
var NAME = "jingwei-phone";
var DRAWERS = ["queue", "draft", "seen"];
var PATIENCE = 3000; // ms: some web views open a database that never answers

/** @returns {Promise<Kept>} */
export function openKept() {
  return indexed().then(takenOver, function () { return local() || memory(); });
}

/** What was kept beside it while the database was too slow to open. @param {Kept} kept @returns {Promise<Kept>} */
function takenOver(kept) {
  var other = local();
  if (!other) return Promise.resolve(kept);
  var beside = other;
  return Promise.all(DRAWERS.map(function (drawer) {
    return beside.all(drawer).then(function (rows) {
      return Promise.all(rows.map(function (row) {
        return kept.put(drawer, row).then(function () { return beside.drop(drawer, row.key); });
      }));
    });
  })).then(function () { return kept; }, function () { return kept; });
}

/** @returns {Promise<Kept>} */
function indexed() {
  return new Promise(function (resolve, reject) {
    var late = setTimeout(function () { reject(new Error("late")); }, PATIENCE);
    var asked = window.indexedDB.open(NAME, 1); // throws where it is forbidden, and where there is none
    asked.onupgradeneeded = function () {
      DRAWERS.forEach(function (drawer) { asked.result.createObjectStore(drawer, { keyPath: "key" }); });
    };
    asked.onerror = function () { clearTimeout(late); reject(asked.error); };
    asked.onsuccess = function () { clearTimeout(late); resolve(overDatabase(asked.result)); };
  });
}

/** @param {IDBDatabase} db @returns {Kept} */
function overDatabase(db) {
  /** @param {string} drawer @param {"readonly" | "readwrite"} mode @param {(store: IDBObjectStore) => IDBRequest} act @returns {Promise<any>} */
  function run(drawer, mode, act) {
    return new Promise(function (resolve, reject) {
      var moved = db.transaction(drawer, mode);
      var asked = act(moved.objectStore(drawer));
      // At once where the browser can: whoever closes the page does not wait.
      if (moved.commit) moved.commit();
      // Kept is what the transaction has committed, not what a request has said.
      moved.oncomplete = function () { resolve(asked.result); };
      moved.onerror = moved.onabort = function () { reject(moved.error); };
    });
  }
  /** @param {string} drawer @returns {Promise<any[]>} */
  function all(drawer) {
    return new Promise(function (resolve, reject) {
      /** @type {any[]} */
      var rows = [];
      var moved = db.transaction(drawer, "readonly");
      moved.objectStore(drawer).openCursor().onsuccess = function (/** @type {any} */ event) {
        var cursor = event.target.result;
        if (!cursor) return;
        rows.push(cursor.value);
        cursor.continue();
      };
      moved.oncomplete = function () { resolve(rows); };
      moved.onerror = moved.onabort = function () { reject(moved.error); };
    });
  }
  return {
    kind: "indexed", all: all,
    put: function (drawer, row) { return run(drawer, "readwrite", function (store) { return store.put(row); }); },
    drop: function (drawer, key) { return run(drawer, "readwrite", function (store) { return store.delete(key); }); },
  };
}

/** @returns {Kept | null} null where it is off or full */
function local() {
  var room = NAME + "/";
  try {
    window.localStorage.setItem(room, "1");
    window.localStorage.removeItem(room);
  } catch (error) {
    return null;
  }
  return {
    kind: "local",
    put: function (drawer, row) {
      return new Promise(function (resolve) {
        window.localStorage.setItem(room + drawer + "/" + row.key, JSON.stringify(row)); // throws when full: the promise is refused
        resolve();
      });
    },
    all: function (drawer) {
      var rows = [];
      for (var i = 0; i < window.localStorage.length; i += 1) {
        var name = String(window.localStorage.key(i));
        if (name.indexOf(room + drawer + "/") === 0) rows.push(JSON.parse(String(window.localStorage.getItem(name))));
      }
      return Promise.resolve(rows);
    },
    drop: function (drawer, key) {
      window.localStorage.removeItem(room + drawer + "/" + key);
      return Promise.resolve();
    },
  };
}

/** @returns {Kept} */
function memory() {
  /** @type {Record<string, Record<string, any>>} */
  var drawers = { queue: {}, draft: {}, seen: {} };
  return {
    kind: "memory",
    put: function (drawer, row) { drawers[drawer][row.key] = row; return Promise.resolve(); },
    all: function (drawer) { return Promise.resolve(Object.keys(drawers[drawer]).map(function (key) { return drawers[drawer][key]; })); },
    drop: function (drawer, key) { delete drawers[drawer][key]; return Promise.resolve(); },
  };
}

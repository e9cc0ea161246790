// What the phone keeps: in IndexedDB, else in localStorage, else only as long as the page is open.
// Rows have a `key`; there are three drawers: `queue`, `draft`, `seen`.

/** @typedef {{kind: "indexed" | "local" | "memory", put: (drawer: string, row: any) => Promise<void>, all: (drawer: string) => Promise<any[]>, drop: (drawer: string, key: string) => Promise<void>}} Kept */
var NAME = "jingwei-phone";
var DRAWERS = ["queue", "draft", "seen"];
var PATIENCE = 3000; // ms: some web views open a database that never answers

/** @param {() => void} moved called when a database that came late has taken everything over @returns {Promise<Kept>} */
export function openKept(moved) {
  return opening(moved).then(yielding);
}

/** What waits, and what is typed, comes before what was only read: where there is no room, that goes. @param {Kept} kept @returns {Kept} */
function yielding(kept) {
  return {
    get kind() { return kept.kind; },
    put: function (drawer, row) {
      return kept.put(drawer, row).catch(function (error) {
        if (drawer === "seen") throw error;
        return kept.all("seen").then(function (rows) {
          if (!rows.length) throw error;
          return Promise.all(rows.map(function (each) { return kept.drop("seen", each.key); }));
        }).then(function () { return kept.put(drawer, row); });
      });
    },
    all: kept.all,
    drop: kept.drop,
  };
}

/** @param {() => void} moved @returns {Promise<Kept>} */
function opening(moved) {
  var asked = indexed();
  return soon(asked).then(function (kept) {
    var beside = local();
    /** @returns {Kept} */
    var both = function () { return beside ? besides(kept, beside) : kept; };
    return beside ? takenOver(kept, beside).then(both, both) : both();
  }, function () {
    var first = local() || memory();
    var turning = { kept: Promise.resolve(first), kind: first.kind };
    void asked.then(function (late) {
      turning.kept = takenOver(late, first).then(function () {
        turning.kind = late.kind;
        return first.kind === "local" ? besides(late, first) : late;
      }, function () { return besides(late, first); }); // some of it may be there, the rest is where it was
      return turning.kept.then(moved);
    }).catch(function () {});
    return whichever(turning);
  });
}

/** @template T @param {Promise<T>} asked @returns {Promise<T>} refused where it takes too long */
function soon(asked) {
  return new Promise(function (resolve, reject) {
    setTimeout(function () { reject(new Error("late")); }, PATIENCE);
    asked.then(resolve, reject);
  });
}

/** What is kept where it is kept by now. @param {{kept: Promise<Kept>, kind: Kept["kind"]}} turning @returns {Kept} */
function whichever(turning) {
  return {
    get kind() { return turning.kind; },
    put: function (drawer, row) { return turning.kept.then(function (kept) { return kept.put(drawer, row); }); },
    all: function (drawer) { return turning.kept.then(function (kept) { return kept.all(drawer); }); },
    drop: function (drawer, key) { return turning.kept.then(function (kept) { return kept.drop(drawer, key); }); },
  };
}

/** Moves into the database what was kept elsewhere while it was not there, or when the page closed. @param {Kept} kept @param {Kept} other @returns {Promise<any>} refused where not all of it could be moved */
function takenOver(kept, other) {
  return Promise.all(DRAWERS.map(function (drawer) {
    return other.all(drawer).then(function (rows) {
      return Promise.all(rows.map(function (row) {
        return kept.put(drawer, row).then(function () { return other.drop(drawer, row.key); });
      }));
    });
  }));
}

/** @returns {Promise<Kept>} */
function indexed() {
  return opened().then(overDatabase);
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise(function (resolve, reject) {
    var asked = window.indexedDB.open(NAME, 1); // throws where it is forbidden, and where there is none
    asked.onupgradeneeded = function () {
      DRAWERS.forEach(function (drawer) { asked.result.createObjectStore(drawer, { keyPath: "key" }); });
    };
    asked.onerror = function () { reject(asked.error); };
    asked.onsuccess = function () { resolve(asked.result); };
  });
}

/**
 * What is small is written beside at once, until the database has it: a database forgets what it was
 * being told when the page closed.
 * @param {Kept} kept @param {Kept} beside @returns {Kept}
 */
function besides(kept, beside) {
  var count = 0;
  /** @type {Record<string, number>} */
  var last = {}; // which writing of each key was the last
  return {
    kind: kept.kind,
    put: function (drawer, row) {
      var name = drawer + "/" + row.key;
      var nth = last[name] = count += 1;
      var small = drawer !== "seen" && !row.photo && !row.photos;
      var safe = small ? beside.put(drawer, row).then(function () { return true; }, function () { return false; }) : Promise.resolve(false);
      var written = kept.put(drawer, row).then(function () {
        return last[name] === nth ? beside.drop(drawer, row.key) : undefined;
      }, function (error) {
        return safe.then(function (held) { if (!held) throw error; });
      });
      return small ? Promise.race([written, whileSafe(safe)]) : written;
    },
    all: function (drawer) {
      return Promise.all([kept.all(drawer), beside.all(drawer)]).then(function (both) {
        /** @type {Record<string, boolean>} */
        var newer = {};
        both[1].forEach(function (row) { newer[row.key] = true; });
        return both[0].filter(function (row) { return !newer[row.key]; }).concat(both[1]);
      });
    },
    drop: function (drawer, key) {
      delete last[drawer + "/" + key];
      return beside.drop(drawer, key).then(function () { return kept.drop(drawer, key); });
    },
  };
}

/** Ends where a database takes too long, or for ever, over what is safe beside it. @param {Promise<boolean>} safe @returns {Promise<any>} */
function whileSafe(safe) {
  return new Promise(function (resolve) {
    safe.then(function (held) { if (held) setTimeout(resolve, PATIENCE); });
  });
}

/** @param {IDBDatabase} first @returns {Kept} */
function overDatabase(first) {
  var db = first;
  /** Does it again over a connection of its own: some phones close the one of a page that lay behind. @template T @param {() => Promise<T>} act @returns {Promise<T>} */
  function reopening(act) {
    return act().catch(function (error) {
      if (!error || error.name !== "InvalidStateError") throw error;
      return opened().then(function (anew) { db = anew; return act(); });
    });
  }
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
    kind: "indexed",
    all: function (drawer) { return reopening(function () { return all(drawer); }); },
    put: function (drawer, row) { return reopening(function () { return run(drawer, "readwrite", function (store) { return store.put(row); }); }); },
    drop: function (drawer, key) { return reopening(function () { return run(drawer, "readwrite", function (store) { return store.delete(key); }); }); },
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
        if (name.indexOf(room + drawer + "/") === 0) rows.push(parsed(String(window.localStorage.getItem(name))));
      }
      return Promise.resolve(rows.filter(Boolean));
    },
    drop: function (drawer, key) {
      window.localStorage.removeItem(room + drawer + "/" + key);
      return Promise.resolve();
    },
  };
}

/** A row from its text; nothing where it was torn as it was written: the others are read all the same. @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return null;
  }
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

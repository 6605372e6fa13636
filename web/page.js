// Fetches the program and shows how far that is, starts it, and says in words why it cannot where it cannot.
'use strict';

(() => {
  const french = /^fr\b/i.test(navigator.language || '');
  const words = (english, translated) => (french ? translated : english);
  document.documentElement.lang = words('en', 'fr');

  const shell = document.getElementById('shell');
  const bar = document.getElementById('bar');
  const canvas = document.getElementById('canvas');
  const say = text => { document.getElementById('words').textContent = text; };

  const fail = text => {
    shell.hidden = false;
    shell.classList.remove('over');
    shell.classList.add('failed');
    say(text);
  };

  const show_progress = (loaded, total) => {
    const megabytes = bytes => (bytes / 1e6).toFixed(1).replace('.', words('.', ','));
    if (!total) {
      bar.removeAttribute('value');
      say(words(`${megabytes(loaded)} MB`, `${megabytes(loaded)}\u00a0Mo`));
      return;
    }
    bar.value = Math.min(1, loaded / total);
    say(words(`${megabytes(loaded)} of ${megabytes(total)} MB`, `${megabytes(loaded)} sur ${megabytes(total)}\u00a0Mo`));
  };

  const missing = () => {
    if (typeof WebAssembly !== 'object') {
      return words('This browser cannot run WebAssembly, which Tessera is written in.\nA current Firefox, Chrome, Edge or Safari can.',
        'Ce navigateur n’exécute pas WebAssembly, dont Tessera a besoin.\nUn Firefox, Chrome, Edge ou Safari récent le peut.');
    }
    // The app's own context: SDL will ask for it again and get this one.
    if (!canvas.getContext('webgl2', {alpha: false, depth: false, stencil: false, antialias: false})) {
      return words('This browser offers no WebGL 2, with which Tessera draws.\nSwitch hardware acceleration on in its settings, or try a current Firefox, Chrome, Edge or Safari.',
        'Ce navigateur n’offre pas WebGL 2, avec lequel Tessera dessine.\nActivez l’accélération matérielle dans ses réglages, ou essayez un Firefox, Chrome, Edge ou Safari récent.');
    }
    return '';
  };

  // The bytes as they come, counted; the true size is written into the page when it is built, since Content-Length counts compressed ones.
  const counted = async link => {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const headers = {'Content-Type': 'application/wasm'};
    const plain = answer.headers.get('Content-Encoding') ? 0 : Number(answer.headers.get('Content-Length'));
    const total = Number(link.dataset.bytes) || plain || 0;
    if (!answer.body || typeof TransformStream !== 'function') return new Response(await answer.arrayBuffer(), {headers});
    let loaded = 0;
    const count = new TransformStream({
      transform(chunk, out) {
        loaded += chunk.byteLength;
        show_progress(loaded, total);
        out.enqueue(chunk);
      }
    });
    return new Response(answer.body.pipeThrough(count), {headers});
  };

  const not_loaded = error => fail(words(`Tessera could not be loaded: ${error.message || error}\nReload the page to try again.`,
    `Tessera n’a pas pu être chargé\u00a0: ${error.message || error}\nRechargez la page pour réessayer.`));

  const run = program => {
    window.Module = {
      canvas,
      instantiateWasm(imports, done) {
        program.then(response => WebAssembly.instantiateStreaming(response, imports))
          .then(result => done(result.instance, result.module), not_loaded);
        return {};
      },
      preRun: [() => performance.mark('tessera-script')],
      postRun: [() => {
        if (shell.classList.contains('failed')) return;
        shell.classList.add('over');
        setTimeout(() => { shell.hidden = shell.classList.contains('over'); }, 200);
      }],
      onAbort: () => fail(words('Tessera has stopped because of an error of its own. What you drew is safe.\nReload the page to go on.',
        'Tessera s’est arrêté à cause d’une erreur interne. Vos dessins sont conservés.\nRechargez la page pour continuer.')),
      tesseraFailed: fail,
      print: text => console.log(text),
      printErr: text => console.warn(text)
    };
    const script = document.createElement('script');
    script.src = document.getElementById('glue').href;
    script.onerror = () => not_loaded(new Error('tessera.js'));
    document.body.appendChild(script);
  };

  canvas.addEventListener('contextmenu', event => event.preventDefault());
  // The graphics driver started anew: all textures are gone, so the page starts anew as well, at the same place.
  canvas.addEventListener('webglcontextlost', event => event.preventDefault());
  canvas.addEventListener('webglcontextrestored', () => location.reload());

  const reason = missing();
  if (reason) {
    fail(reason);
    return;
  }
  show_progress(0, Number(document.getElementById('program').dataset.bytes));
  const program = counted(document.getElementById('program'));
  program.catch(not_loaded);
  run(program);
})();

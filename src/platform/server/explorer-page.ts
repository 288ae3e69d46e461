/** Milliseconds after which a network that swallows requests counts as closed. */
const SCRIPT_TIMEOUT_MS = 6_000;

export interface ExplorerPage {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Lets this page's own script and style run, and no other. */
  readonly nonce: string;
  /** Where Apollo's script is. */
  readonly script: string;
  readonly schemaPath: string;
}

/** The page around Apollo Sandbox, and what it shows where Apollo's servers cannot be reached. */
export function explorerPage({ document, variables, nonce, script, schemaPath }: ExplorerPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heliograph</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">
  html, body { height: 100%; margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b2240; background: #fff; }
  #sandbox, #sandbox iframe { width: 100%; height: 100%; border: 0; display: block; }
  main { max-width: 50rem; margin: 0 auto; padding: 2rem 1rem; }
  pre { padding: 1rem; overflow: auto; background: #f3f4f8; border-radius: 6px; font-size: 14px; }
  [hidden] { display: none !important; }
</style>
</head>
<body>
<div id="sandbox"></div>
<main id="fallback" hidden>
  <h1>Heliograph</h1>
  <p>Apollo Sandbox could not be loaded: its script comes from Apollo's servers, and this browser does not reach them.
    The API itself works. Send it a query with any GraphQL client, or from a shell:</p>
  <pre id="curl"></pre>
  <p>What can be asked is described in <a href="${schemaPath}">the schema</a>. Operations to start from:</p>
  <pre>${escapeHtml(document)}</pre>
</main>
<noscript><p>Apollo Sandbox needs JavaScript. The API itself does not: it is at this very address, by POST, and
  <a href="${schemaPath}">the schema</a> describes it.</p></noscript>
<script nonce="${nonce}">
${pageScript(JSON.stringify({ document, variables, script, timeoutMs: SCRIPT_TIMEOUT_MS }))}
</script>
</body>
</html>
`;
}

/** Runs in the browser. A token is read from the fragment, which no browser sends, and taken out of sight at once. */
function pageScript(settings: string): string {
  return `(() => {
  const { document: examples, variables, script, timeoutMs } = ${settings.replaceAll('<', '\\u003c')};
  const endpoint = location.origin + location.pathname;
  const token = new URLSearchParams(location.hash.slice(1).replaceAll('+', '%2B')).get('token');
  if (token) history.replaceState(null, '', location.pathname + location.search);
  // Pasting an address that differs in its fragment alone does not load the page again.
  addEventListener('hashchange', () => location.reload());

  const headers = token ? { Authorization: 'Bearer ' + token } : {};
  const configuration = {
    target: '#sandbox',
    initialEndpoint: endpoint,
    initialState: {
      document: examples,
      variables,
      headers,
      sharedHeaders: headers,
      includeCookies: false,
      pollForSchemaUpdates: false,
    },
    endpointIsEditable: false,
    hideCookieToggle: true,
    runTelemetry: false,
    allowDynamicStyles: false,
  };
  window.heliographSandbox = configuration;

  document.getElementById('curl').textContent = [
    "curl " + endpoint + " \\\\",
    "  -H 'content-type: application/json' \\\\",
    "  -H 'authorization: Bearer YOUR_TOKEN' \\\\",
    "  -d '" + JSON.stringify({ query: '{ __schema { queryType { fields { name description } } } }' }) + "'",
  ].join('\\n');
  const fallBack = () => {
    document.getElementById('sandbox').hidden = true;
    document.getElementById('fallback').hidden = false;
  };
  const start = () => {
    clearTimeout(deadline);
    document.getElementById('sandbox').hidden = false;
    document.getElementById('fallback').hidden = true;
    new window.EmbeddedSandbox(configuration);
  };
  const deadline = setTimeout(fallBack, timeoutMs);
  const element = Object.assign(document.createElement('script'), { src: script, onload: start, onerror: fallBack });
  document.head.append(element);
})();`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

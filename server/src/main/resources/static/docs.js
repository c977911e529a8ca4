// Swagger UI over our own document; what is tried out there is asked with the login that this tab has from the page.
import { freshToken, isLoggedIn } from './session.js';

SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  validatorUrl: null,
  // its own login would come back to an address that is on nobody's list
  plugins: [() => ({ wrapComponents: { authorizeBtn: () => () => null, authorizeOperationBtn: () => () => null } })],
  requestInterceptor: async request => {
    if (isLoggedIn() && new URL(request.url, location).origin === location.origin) {
      request.headers.Authorization = 'Bearer ' + await freshToken();
    }
    return request;
  },
});

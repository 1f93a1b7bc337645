// Passkeys: a button asks the server for a challenge, the browser for the key, and sends the form it stands in.
// data-passkey="prove" shows that it is you; data-passkey="add" makes a new key.
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const ask = async (address, token) => {
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const { publicKey } = await answer.json();
    publicKey.challenge = bytes(publicKey.challenge);
    return publicKey;
  };
  const prove = async (asked) => {
    asked.allowCredentials = keys(asked.allowCredentials);
    const made = await navigator.credentials.get({ publicKey: asked });
    return {
      authenticatorData: text(made.response.authenticatorData),
      signature: text(made.response.signature),
      userHandle: made.response.userHandle ? text(made.response.userHandle) : null,
      ...given(made),
    };
  };
  const add = async (asked) => {
    asked.user.id = bytes(asked.user.id);
    asked.excludeCredentials = keys(asked.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: asked });
    return { attestationObject: text(made.response.attestationObject), ...given(made) };
  };
  const given = (made) => ({ clientDataJSON: text(made.response.clientDataJSON), made });
  const packed = ({ made, ...response }) => JSON.stringify({
    id: made.id, rawId: text(made.rawId), type: made.type, response,
    authenticatorAttachment: made.authenticatorAttachment || null, clientExtensionResults: {},
  });

  const show = (within) => within.querySelectorAll("[data-passkey]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey]");
    if (!button) return;
    const form = button.form, trouble = form.querySelector("[data-passkey-error]");
    trouble.hidden = true;
    button.disabled = true;
    try {
      const asked = await ask(button.dataset.challenge, form.querySelector("[name=csrfmiddlewaretoken]").value);
      const answer = await (button.dataset.passkey === "add" ? add(asked) : prove(asked));
      form.querySelector("[name=proof-passkey], [name=passkey]").value = packed(answer);
      form.requestSubmit ? form.requestSubmit() : form.submit();
    } catch {
      trouble.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => show(document));
  else show(document);
})();

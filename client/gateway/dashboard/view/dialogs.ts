/** The two dialogs of the page stand in its HTML: the browser keeps the focus in them and Escape closes them. */

/** Asks before something that cannot be taken back at once. */
export async function confirmed(question: string, label: string): Promise<boolean> {
  const dialog = element('confirm') as HTMLDialogElement;
  element('confirm-question').textContent = question;
  element('confirm-yes').textContent = label;
  dialog.returnValue = '';
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener('close', closed, { once: true }));
  return dialog.returnValue === 'yes';
}

/** Asks for the token; null when it was not given. */
export async function askForToken(): Promise<string | null> {
  const dialog = element('token') as HTMLDialogElement;
  const input = element('token-input') as HTMLInputElement;
  if (dialog.open) return null;
  input.value = '';
  dialog.returnValue = '';
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener('close', closed, { once: true }));
  const token = input.value.trim();
  input.value = '';
  return dialog.returnValue === 'yes' && token !== '' ? token : null;
}

function element(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement;
}

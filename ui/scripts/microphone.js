// Shows what to do when the browser doesn't allow the microphone, and hides it again once it does.

export default function ({ parentElement }) {
  const notice = parentElement.querySelector("[role=status]");
  let permission = null;

  const show = () => {
    notice.hidden = permission.state !== "denied";
  };

  if (navigator.permissions) {
    navigator.permissions.query({ name: "microphone" }).then(
      (found) => {
        permission = found;
        permission.onchange = show;
        show();
      },
      () => {}, // a browser that doesn't tell: its own message is all there is
    );
  }
  return () => {
    if (permission) permission.onchange = null;
  };
}

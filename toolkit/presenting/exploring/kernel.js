// Questions to the kernel. Each bears a number of its own, and so does its answer: a late one is taken for no other's.

const PATIENCE = 8000; // milliseconds until the kernel is said to be silent; an answer still counts when it comes

// onSilence(isSilent) is called when a question stays unanswered, and when the kernel speaks again.
function createKernel(model, onSilence) {
  const kernel = { model, onSilence, waiting: new Map(), own: Math.random().toString(36).slice(2), asked: 0 };
  kernel.hear = (content, buffers) => takeAnswer(kernel, content, buffers || []);
  model.on("msg:custom", kernel.hear);
  return kernel;
}

// → { content, buffers }; fails with the kernel's words where it cannot do what was asked.
function ask(kernel, kind, given) {
  const number = `${kernel.own}-${++kernel.asked}`;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => kernel.onSilence(true), PATIENCE);
    kernel.waiting.set(number, { resolve, reject, timer });
    try {
      kernel.model.send({ ...given, kind, number });
    } catch (error) {
      kernel.onSilence(true); // its connection is gone
    }
  });
}

function takeAnswer(kernel, content, buffers) {
  const question = kernel.waiting.get(content.number);
  if (!question) return;
  kernel.waiting.delete(content.number);
  clearTimeout(question.timer);
  kernel.onSilence(false);
  if (content.trouble) question.reject(new Error(content.trouble));
  else question.resolve({ content, buffers });
}

function leaveKernel(kernel) {
  kernel.model.off("msg:custom", kernel.hear);
  for (const { timer } of kernel.waiting.values()) clearTimeout(timer);
  kernel.waiting.clear();
}

// The bytes of a message as a buffer of their own, as `readTable` takes it.
function bufferOf(view) {
  if (view instanceof ArrayBuffer) return view;
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}

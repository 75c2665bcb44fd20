#!/bin/sh
# install.sh [FOLDER]: installs the toolkit from this kit; nothing is asked of a network.
here=$(cd "$(dirname "$0")" && pwd) || exit 2
for python in ${PYTHON:+"$PYTHON"} @PYTHON_PROGRAMS@ python3; do
    if "$python" -c "" >/dev/null 2>&1; then
        exec "$python" "$here/install.py" "$@"
    fi
done
echo "Python @PYTHONS@ is needed, and none was found: install it first" >&2
exit 2

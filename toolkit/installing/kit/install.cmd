@echo off
rem install.cmd [FOLDER]: installs the toolkit from this kit; nothing is asked of a network.
setlocal
for %%V in (@PYTHONS@) do (
    py -%%V -c "" >nul 2>nul && set "PY=py -%%V"
)
if not defined PY python -c "" >nul 2>nul && set "PY=python"
if not defined PY (
    echo Python @PYTHONS@, 64-bit, is needed, and none was found: install it first.
    if "%~1"=="" pause
    exit /b 2
)
%PY% "%~dp0install.py" %*
set "CODE=%ERRORLEVEL%"
if "%~1"=="" pause
exit /b %CODE%

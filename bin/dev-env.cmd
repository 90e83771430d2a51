@echo off
rem The dev-env command of the extension; see the script without an ending.
setlocal
set ELECTRON_RUN_AS_NODE=1
if exist "%DEV_ENV_NODE%" ("%DEV_ENV_NODE%" "%~dp0..\dist\cli.cjs" %*) else (node "%~dp0..\dist\cli.cjs" %*)

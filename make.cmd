@echo off
rem The commands of the Makefile, for the Windows command prompt: make app, make test, make check
setlocal
cd /d "%~dp0"
set "bin=.venv\Scripts"
set "python=py -3"
if defined DEIMAP_PYTHON set "python=%DEIMAP_PYTHON%"
if "%1"=="app" goto app
if "%1"=="test" goto test
if "%1"=="check" goto check
if "%1"=="bundle" goto bundle
echo make app     make what is missing and open the app
echo make test    the tests that need no browser
echo make check   format, lint, types, imports, tests
echo make bundle  one zip that installs from a USB stick with no network
exit /b 2

:app
%python% install.py
if errorlevel 1 exit /b 1
"%bin%\deimap" app %2 %3
exit /b %errorlevel%

:test
%python% install.py --test
if errorlevel 1 exit /b 1
"%bin%\python" -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not e2e"
exit /b %errorlevel%

:check
%python% install.py --test
if errorlevel 1 exit /b 1
"%bin%\ruff" format --check .
if errorlevel 1 exit /b 1
"%bin%\ruff" check .
if errorlevel 1 exit /b 1
"%bin%\mypy"
if errorlevel 1 exit /b 1
"%bin%\lint-imports" --no-cache --no-logo
if errorlevel 1 exit /b 1
"%bin%\python" -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not e2e"
exit /b %errorlevel%

:bundle
%python% install.py
if errorlevel 1 exit /b 1
"%bin%\python" bundle\build.py
exit /b %errorlevel%

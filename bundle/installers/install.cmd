@echo off
rem Installs Deimap from this folder, with no network.
setlocal
cd /d "%~dp0"
set "version="
for %%v in (3.14 3.13 3.12 3.11) do if not defined version call :try %%v
if not defined version (
    echo This bundle needs a 64 bit Python of the version in the name of the zip.
    echo Install it from the stick or from python.org, then open install.cmd again.
    pause
    exit /b 1
)
py -%version% install.py --wheels wheels
if errorlevel 1 (
    pause
    exit /b 1
)
echo Deimap is installed. Start it with start.cmd
pause
exit /b 0

:try
set "tag=%1"
set "tag=cp%tag:.=%"
if not exist "wheels\numpy-*-%tag%-win_amd64.whl" exit /b 0
py -%1 -c "" >nul 2>nul && set "version=%1"
exit /b 0

@echo off
rem Starts Deimap; it opens in the browser at http://127.0.0.1:8501
cd /d "%~dp0"
.venv\Scripts\deimap.exe app %*
if errorlevel 1 pause

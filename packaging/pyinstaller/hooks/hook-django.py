"""What of Django belongs into the build, in place of PyInstaller's own hook.

That one runs the project it finds in the folders and collects all it names. Our server has no settings
module: it is configured at run time with its data folder (`instica_desktop.server.settings.configure`).
"""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

hiddenimports = [
    *collect_submodules("django.contrib.auth"),
    *collect_submodules("django.contrib.contenttypes"),
    *collect_submodules("django.core"),
    *collect_submodules("django.db"),
    *collect_submodules("django.forms"),
    *collect_submodules("django.template"),
    *collect_submodules("django.templatetags"),
    *collect_submodules("django.views"),
    *collect_submodules("django.conf"),
]
datas = collect_data_files("django", includes=["**/locale/en/**", "views/templates/**"])

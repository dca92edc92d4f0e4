"""送温暖: settings, addresses and the commands that join all apps; the code shared by all apps is in relief.lib."""

# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop that a program meets on its session bus: a session that can be kept from ending, and a place for notifications.
Both record what they are told. To be started before the program; a process of its own, since it serves while a test waits."""
import json
import subprocess
import sys
import threading

INTERFACES = '''<node>
<interface name="org.gnome.SessionManager">
  <method name="Inhibit"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="u" direction="in"/><arg type="u" direction="out"/></method>
  <method name="RegisterClient"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
  <method name="Uninhibit"><arg type="u" direction="in"/></method>
</interface>
<interface name="org.freedesktop.Notifications">
  <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/></method>
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
</interface>
</node>'''

LOGOUT, SUSPEND = 1, 4


class Desktop:
    """The test's side"""

    def __init__(self):
        self.inhibitors = {}     # cookie: (reason, flags)
        self.notifications = []  # (number, title, body), oldest first
        self.server = subprocess.Popen(['/usr/bin/python3', __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.server.stdout.readline() == 'ready\n', 'no session bus'
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.server.stdout:
            method, number, values = json.loads(line)
            if method == 'Inhibit':
                self.inhibitors[number] = (values[2], values[3])
            elif method == 'Uninhibit':
                self.inhibitors.pop(values[0], None)
            elif method == 'Notify':
                self.notifications.append((number, values[3], values[4]))

    def reasons(self):
        return [reason for reason, flags in list(self.inhibitors.values()) if flags == LOGOUT | SUSPEND]

    def click(self, number):
        """A person clicks a notification."""
        self.server.stdin.write('%d\n' % number)
        self.server.stdin.flush()


def serve():
    from gi.repository import Gio, GLib
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    answers = {'Inhibit': '(u)', 'Notify': '(u)'}
    counts = {'Inhibit': 0, 'Notify': 0}

    def called(_bus, _sender, _path, _interface, method, parameters, invocation):
        answer = None
        if method in counts:
            counts[method] += 1
            answer = GLib.Variant(answers[method], (counts[method],))
        elif method == 'RegisterClient':
            # The accessibility bus goes away where this fails.
            answer = GLib.Variant('(o)', ('/org/gnome/SessionManager/Client',))
        elif method == 'GetServerInformation':
            answer = GLib.Variant('(ssss)', ('test', 'test', '1', '1.2'))
        elif method == 'GetCapabilities':
            answer = GLib.Variant('(as)', (['actions', 'body'],))
        print(json.dumps([method, counts.get(method), list(parameters.unpack())], default=str), flush=True)
        invocation.return_value(answer)

    def clicked(*_):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        bus.emit_signal(None, '/org/freedesktop/Notifications', 'org.freedesktop.Notifications', 'ActionInvoked',
                        GLib.Variant('(us)', (int(line), 'default')))
        return True

    node = Gio.DBusNodeInfo.new_for_xml(INTERFACES)
    for interface, path in zip(node.interfaces, ('/org/gnome/SessionManager', '/org/freedesktop/Notifications')):
        bus.register_object(path, interface, called, None, None)
        bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'RequestName',
                      GLib.Variant('(su)', (interface.name, 0)), None, 0, -1, None)
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP, clicked)
    print('ready', flush=True)
    loop.run()


if __name__ == '__main__':
    serve()

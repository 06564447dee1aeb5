# SPDX-License-Identifier: GPL-3.0-or-later
"""The accessibility bus, as a reader of the screen speaks on it (the interfaces org.a11y.atspi.* of at-spi2-core). Questions go
out many at once, and what a program tells in one answer is not asked for again: most of the time of a question is its way from
program to program."""
import collections
import time

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection

ACCESSIBLE = 'org.a11y.atspi.Accessible'
PROPERTIES = 'org.freedesktop.DBus.Properties'

# Seconds: a busy program answers late
PATIENCE = 15

# What the numbers mean (atspi-constants.h): the roles that GTK gives
ROLES = {
    2: 'alert', 7: 'check box', 8: 'check menu item', 10: 'column header', 11: 'combo box', 16: 'dialog', 20: 'filler', 23: 'frame',
    26: 'icon', 27: 'image', 29: 'label', 31: 'list', 32: 'list item', 33: 'menu', 34: 'menu bar', 35: 'menu item', 37: 'page tab',
    38: 'page tab list', 39: 'panel', 40: 'password text', 41: 'popup menu', 42: 'progress bar', 43: 'push button',
    44: 'radio button', 45: 'radio menu item', 47: 'row header', 48: 'scroll bar', 49: 'scroll pane', 50: 'separator', 51: 'slider',
    52: 'spin button', 53: 'split pane', 54: 'status bar', 55: 'table', 56: 'table cell', 61: 'text', 62: 'toggle button',
    63: 'tool bar', 64: 'tool tip', 65: 'tree', 66: 'tree table', 67: 'unknown', 68: 'viewport', 69: 'window', 75: 'application',
    79: 'entry', 83: 'heading', 87: 'form', 88: 'link', 90: 'table row', 91: 'tree item', 97: 'comment', 98: 'list box',
    99: 'grouping', 101: 'notification', 103: 'level bar', 110: 'landmark', 111: 'log', 113: 'math', 115: 'timer', 116: 'static'}
STATES = {'active': 1, 'busy': 3, 'checked': 4, 'editable': 7, 'enabled': 8, 'expandable': 9, 'expanded': 10, 'focusable': 11,
          'focused': 12, 'modal': 16, 'pressed': 20, 'selectable': 22, 'selected': 23, 'sensitive': 24, 'showing': 25,
          'visible': 30}


NOTHING = '/org/a11y/atspi/null'
APPLICATION = 75


def name_role(number):
    return ROLES.get(number, 'role %d' % number)


def name_states(bits):
    return {name for name, bit in STATES.items() if bits[0] >> bit & 1}


class Failure(Exception):
    """What a program answered that could not do what it was asked, or did not answer"""

    def __init__(self, name, text=''):
        super().__init__('%s: %s' % (name, text))
        self.name = name

    def is_gone(self):
        """Whether what was asked was taken out of the window"""
        return self.name.rpartition('.')[2] in ('UnknownObject', 'UnknownMethod', 'UnknownInterface')


class Bus:
    """A connection that sends what was asked for together and hands out the answers as they come"""

    def __init__(self):
        session = open_dbus_connection('SESSION', auth_timeout=60)
        self.address = session.send_and_get_reply(new_method_call(
            DBusAddress('/org/a11y/bus', 'org.a11y.Bus', 'org.a11y.Bus'), 'GetAddress')).body[0]
        session.close()
        self.connection = open_dbus_connection(self.address, auth_timeout=60)
        self.waiting = collections.deque()

    def send(self, node, interface, method, signature=None, body=()):
        """Takes a question, to be sent with others; its number"""
        number = next(self.connection.outgoing_serial)
        message = new_method_call(DBusAddress(node.path, node.owner, interface), method, signature, body)
        self.waiting.append(message.serialise(serial=number))
        return number

    def answers(self, asked):
        """Sends what waits, and what is sent meanwhile; yields (number, body or Failure) for each number of the set @asked, in
        which the caller may put more. What is not answered in time has failed."""
        end = time.monotonic() + PATIENCE
        while asked:
            if self.waiting:
                self.connection.sock.sendall(b''.join(self.waiting))
                self.waiting.clear()
            message = self.connection.parser.get_next_message()
            while message is None and self.connection.selector.select(max(0, end - time.monotonic())):
                data = self.connection.sock.recv(1 << 18)
                if not data:
                    raise Failure('Disconnected', 'the accessibility bus is gone')
                self.connection.parser.add_data(data)
                message = self.connection.parser.get_next_message()
            if message is None:
                for number in list(asked):
                    asked.discard(number)
                    yield number, Failure('NoReply', 'no answer in %d s' % PATIENCE)
                return
            fields = message.header.fields
            number = fields.get(HeaderFields.reply_serial)
            if number not in asked:
                continue
            asked.discard(number)
            end = time.monotonic() + PATIENCE
            if message.header.message_type == MessageType.error:
                yield number, Failure(fields.get(HeaderFields.error_name), message.body[0] if message.body else '')
            else:
                yield number, message.body

    def ask(self, *question):
        """The answer to one question: the body. Raises a Failure."""
        for _, answer in self.answers({self.send(*question)}):
            if isinstance(answer, Failure):
                raise answer
            return answer


class Node(collections.namedtuple('Node', 'owner path')):
    """A thing on the screen. The same one is equal whenever it is met."""
    __slots__ = ()
    bus = None  # of the process, made when a program is first looked at
    roles = {}  # what each is, which never changes

    def ask(self, interface, method, signature=None, *body):
        return Node.bus.ask(self, 'org.a11y.atspi.' + interface, method, signature, body)

    def get(self, interface, name):
        return Node.bus.ask(self, PROPERTIES, 'Get', 'ss', ('org.a11y.atspi.' + interface, name))[0][1]

    def get_name(self):
        return self.get('Accessible', 'Name')

    def get_description(self):
        return self.get('Accessible', 'Description')

    def get_role_name(self):
        if self not in Node.roles:
            Node.roles[self] = name_role(self.ask('Accessible', 'GetRole')[0])
        return Node.roles[self]

    def get_states(self):
        return name_states(self.ask('Accessible', 'GetState')[0])

    def get_children(self):
        found = (self.ask('Accessible', 'GetChildAtIndex', 'i', i)[0] for i in range(self.get('Accessible', 'ChildCount')))
        return [Node(*child) for child in found if child[1] != NOTHING]

    def get_extents(self):
        """x, y, width and height in its window, in pixels"""
        return self.ask('Component', 'GetExtents', 'u', 1)[0]

    def get_actions(self):
        return [name for name, _label, _key in self.ask('Action', 'GetActions')[0]]

    def do_action(self, number):
        return self.ask('Action', 'DoAction', 'i', number)[0]

    def get_text(self):
        # GTK 4.8 answers '' for "to the end" on entries; it wants the count.
        return self.ask('Text', 'GetText', 'ii', 0, self.get('Text', 'CharacterCount'))[0]

    def set_text(self, text):
        return self.ask('EditableText', 'SetTextContents', 's', text)[0]

    def get_caret(self):
        return self.get('Text', 'CaretOffset')

    def count_selections(self):
        return self.ask('Text', 'GetNSelections')[0]

    def get_attributes_at(self, offset, defaults=False):
        """The attributes of the text around @offset, and where they begin and end"""
        return self.ask('Text', 'GetAttributeRun', 'ib', offset, defaults)

    def get_value(self):
        return self.get('Value', 'CurrentValue')

    def set_value(self, value):
        Node.bus.ask(self, PROPERTIES, 'Set', 'ssv', ('org.a11y.atspi.Value', 'CurrentValue', ('d', value)))


def get_bus():
    if Node.bus is None:
        Node.bus = Bus()
    return Node.bus


def list_programs():
    """The programs that can be looked at, as (node, process)"""
    bus = get_bus()
    root = Node('org.a11y.atspi.Registry', '/org/a11y/atspi/accessible/root')
    daemon = Node('org.freedesktop.DBus', '/org/freedesktop/DBus')
    return [(node, bus.ask(daemon, 'org.freedesktop.DBus', 'GetConnectionUnixProcessID', 's', (node.owner,))[0])
            for node in root.get_children()]


class Look:
    """A node and all below it, as they are now. What those are that it was asked about before a program tells in one answer
    (Cache.GetItems), from which only who is whose child cannot be read: hidden ones are among them, what has never been asked
    about is not, and where one takes the place of the other not even the count tells.

    names: of each, by node; bits: its states; children: in order"""

    def __init__(self, root, skip=()):
        """@skip: roles of what is not entered"""
        self.root, self.skip = root, skip
        self.names, self.bits, self.children = {}, {}, {}
        self.known, self.parents = {}, {}
        self.asked = {}
        self.numbers = set()
        self._read_cache()
        self._enter(root)
        for number, answer in Node.bus.answers(self.numbers):
            take, arguments = self.asked.pop(number)
            if not isinstance(answer, Failure):
                take(*arguments, answer[0])

    def _read_cache(self):
        try:
            items = Node(self.root.owner, '/org/a11y/atspi/cache').ask('Cache', 'GetItems')[0]
        except Failure:
            return  # it has none before its first window
        for item, _program, parent, _index, count, _interfaces, name, role, _description, states in items:
            node = Node(*item)
            Node.roles[node] = name_role(role)
            if role != APPLICATION:  # of which nothing is told
                self.known[node] = name, states, count
                self.parents[node] = Node(*parent)

    def _enter(self, node):
        self.children[node] = []
        if node in self.known:
            self.names[node], self.bits[node], count = self.known[node]
            self._take_count(node, count)
        else:
            self._ask(self._take_role, (node,), node, ACCESSIBLE, 'GetRole')
            self._ask(self._take_name, (node,), node, PROPERTIES, 'Get', 'ss', (ACCESSIBLE, 'Name'))
            self._ask(self._take_states, (node,), node, ACCESSIBLE, 'GetState')

    def _ask(self, take, arguments, *question):
        number = Node.bus.send(*question)
        self.asked[number] = take, arguments
        self.numbers.add(number)

    def _take_role(self, node, role):
        Node.roles[node] = name_role(role)
        self._ask(lambda node, value: self._take_count(node, value[1]), (node,), node, PROPERTIES, 'Get', 'ss',
                  (ACCESSIBLE, 'ChildCount'))

    def _take_name(self, node, value):
        self.names[node] = value[1]

    def _take_states(self, node, bits):
        self.bits[node] = bits

    def _take_count(self, node, count):
        if node != self.root and Node.roles[node] in self.skip:
            return
        self.children[node] = [None] * count
        if count > 0:
            self._ask(self._take_children, (node,), node, ACCESSIBLE, 'GetChildren')

    def _take_children(self, node, children):
        if all(self.parents.get(Node(*child)) == node for child in children) and len(children) == len(self.children[node]):
            for index, child in enumerate(children):
                self._take_child(node, index, child)
        else:  # new ones, or GTK 4.8 tells what is in the pages of a stack instead of these
            for index in range(len(self.children[node])):
                self._ask(self._take_child, (node, index), node, ACCESSIBLE, 'GetChildAtIndex', 'i', (index,))

    def _take_child(self, node, index, child):
        if child[1] != NOTHING:
            self.children[node][index] = child = Node(*child)
            self._enter(child)

    def get_states(self, node):
        return name_states(self.bits.get(node, (0, 0)))

    def nodes(self):
        """All that answered, as (node, depth), as a person reads: what is in another right behind it"""
        rest = [(self.root, 0)]
        while rest:
            node, depth = rest.pop()
            if node in self.names and node in Node.roles:
                yield node, depth
            rest.extend((child, depth + 1) for child in reversed(self.children[node]) if child is not None)

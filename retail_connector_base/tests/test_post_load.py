from contextlib import contextmanager
from tempfile import TemporaryDirectory
from unittest.mock import patch

import psycopg2

from odoo.service.server import PreforkServer
from odoo.sql_db import ConnectionPool, PsycoConnection, connection_info_for
from odoo.tests import get_db_name, tagged
from odoo.tests.common import BaseCase

from .. import post_load
from .postgres_relay import Relay


@tagged("post_install", "-at_install")
class TestPooledConnections(BaseCase):
    """What Odoo's pool does with connections that ended while nobody looked."""

    def setUp(self):
        super().setUp()
        for owner, name in ((PreforkServer, "start"), (PsycoConnection, "reset")):
            self.startPatcher(patch.object(owner, name, getattr(owner, name)))
        post_load()
        self.pool = ConnectionPool(4)
        self.addCleanup(self.pool.close_all)
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.relay = Relay(self.address_of_server(), folder.name)
        self.addCleanup(self.relay.close)
        _name, self.info = connection_info_for(get_db_name())
        self.info["host"], self.info["port"] = folder.name, 5432

    def address_of_server(self):
        with self.borrow_from(ConnectionPool(1), connection_info_for(get_db_name())[1]) as cursor:
            info = cursor.connection.info
            if info.host.startswith("/"):
                return f"{info.host}/.s.PGSQL.{info.port}"
            return info.host, info.port

    @contextmanager
    def borrow_from(self, pool, info):
        connection = pool.borrow(info)
        try:
            yield connection.cursor()
        finally:
            pool.give_back(connection, keep_in_pool=False)

    def borrow(self):
        return self.pool.borrow(self.info)

    def pid(self, connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    def give_back(self, *connections):
        for connection in connections:
            connection.rollback()
            self.pool.give_back(connection)

    def dead(self, count):
        lent = [self.borrow() for _ in range(count)]
        self.give_back(*lent)
        self.relay.crash()
        return lent

    def test_odoo_alone_does_not_know_the_error(self):
        """Once this fails, Odoo or psycopg2 was repaired, and our wrapper can go."""
        (connection,) = self.dead(1)
        with self.assertRaises(psycopg2.DatabaseError) as caught:
            psycopg2.extensions.connection.reset(connection)
        self.assertNotIsInstance(caught.exception, psycopg2.OperationalError)

    def test_a_dead_connection_is_told_by_a_class_that_the_pool_knows(self):
        (connection,) = self.dead(1)
        with self.assertRaises(psycopg2.OperationalError):
            connection.reset()

    def test_a_fresh_connection_takes_the_place_of_dead_ones(self):
        idle = self.dead(3)
        connection = self.borrow()
        self.assertNotIn(connection, idle)
        self.assertTrue(self.pid(connection))

    def test_a_full_pool_of_dead_connections_makes_room(self):
        self.dead(4)
        self.assertTrue(self.pid(self.borrow()))

    def test_a_connection_that_the_server_ended_with_a_word_is_replaced_too(self):
        connection, other = self.borrow(), self.borrow()
        pid = self.pid(connection)
        self.give_back(connection)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        self.assertNotEqual(self.pid(self.borrow()), pid)

    def test_a_living_connection_is_used_again(self):
        connection = self.borrow()
        pid = self.pid(connection)
        self.give_back(connection)
        self.assertEqual(self.pid(self.borrow()), pid)

import psycopg2

from odoo.sql_db import ConnectionPool, connection_info_for
from odoo.tests import get_db_name, tagged
from odoo.tests.common import BaseCase

from ..post_load import post_load, reset


@tagged("post_install", "-at_install")
class TestPooledConnections(BaseCase):
    """What Odoo's pool does with connections that PostgreSQL ended while nobody looked."""

    def setUp(self):
        super().setUp()
        self.pool = ConnectionPool(4)
        self.addCleanup(self.pool.close_all)

    def borrow(self):
        _name, info = connection_info_for(get_db_name())
        return self.pool.borrow(info)

    def pid(self, connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    def end(self, *pids):
        other = self.borrow()
        with other.cursor() as cursor:
            for pid in pids:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        self.pool.give_back(other, keep_in_pool=False)

    def dead(self, count):
        lent = [self.borrow() for _ in range(count)]
        pids = [self.pid(one) for one in lent]
        for one in lent:
            one.rollback()
            self.pool.give_back(one)
        self.pool._connections, idle = [], self.pool._connections
        self.end(*pids)
        self.pool._connections = idle
        return idle

    def test_it_is_installed_with_the_server(self):
        # The suite loads the addon as a server-wide installation would.
        post_load()
        from odoo.sql_db import PsycoConnection

        self.assertIs(PsycoConnection.reset, reset)

    def test_a_dead_connection_is_told_by_a_class_that_the_pool_knows(self):
        (connection,) = self.dead(1)
        with self.assertRaises(psycopg2.OperationalError):
            reset(connection)

    def test_a_fresh_connection_takes_the_place_of_dead_ones(self):
        idle = self.dead(3)
        connection = self.borrow()
        self.assertNotIn(connection, idle)
        self.assertTrue(self.pid(connection))
        self.pool.give_back(connection)

    def test_a_full_pool_of_dead_connections_makes_room(self):
        self.dead(4)
        self.assertTrue(self.pid(self.borrow()))

    def test_a_living_connection_is_used_again(self):
        connection = self.borrow()
        pid = self.pid(connection)
        connection.rollback()
        self.pool.give_back(connection)
        self.assertEqual(self.pid(self.borrow()), pid)

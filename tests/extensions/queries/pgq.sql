-- An event goes in at one end of a queue and comes out at the other.
SET client_min_messages = warning;
SELECT pgq.create_queue('tried');
SELECT pgq.register_consumer('tried', 'reader');
SELECT pgq.insert_event('tried', 'greeting', 'hello') > 0;
SELECT pgq.force_tick('tried') \g /dev/null
SELECT pgq.ticker('tried') \g /dev/null
SELECT pgq.next_batch('tried', 'reader') AS batch \gset
SELECT ev_type, ev_data FROM pgq.get_batch_events(:batch);
SELECT pgq.finish_batch(:batch);
SELECT pgq.unregister_consumer('tried', 'reader');
SELECT pgq.drop_queue('tried');

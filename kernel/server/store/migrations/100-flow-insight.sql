-- What began in a span of days, flow by flow: how long it waited where.
CREATE INDEX flow_instance_started ON kernel.flow_instance (started_at, flow);

"""Says all that the official client can say. Argument: how the messages go (file, stdout, s3); then how it ends."""

import sys

from dagster_pipes import (
    PipesDefaultLogWriter,
    PipesMappingParamsLoader,
    PipesS3MessageWriter,
    encode_param,
    open_dagster_pipes,
)

way, ending = sys.argv[1], sys.argv[2]


def settings():
    if way == "s3":
        import boto3

        return {"message_writer": PipesS3MessageWriter(boto3.client("s3"), interval=0.2)}
    if way == "stdout":
        import os

        variables = {
            "DAGSTER_PIPES_CONTEXT": os.environ["DAGSTER_PIPES_CONTEXT"],
            "DAGSTER_PIPES_MESSAGES": encode_param({"stdio": "stdout"}),
        }
        return {"params_loader": PipesMappingParamsLoader(variables)}
    return {}


def fail():
    try:
        raise KeyError("rows")
    except KeyError as error:
        raise ValueError("bad date") from error


with open_dagster_pipes(**settings()) as pipes:
    pipes.log.warning("the context is %s", pipes.extras)
    pipes.report_custom_message(
        {"run": pipes.run_id, "job": pipes.job_name, "retry": pipes.retry_number, "is_asset": pipes.is_asset_step}
    )
    pipes.report_asset_materialization(
        asset_key="lake/countries",
        metadata={"rows": 20, "path": {"raw_value": "s3://lake/countries", "type": "path"}},
        data_version="v7",
    )
    pipes.report_asset_check(
        asset_key="lake/countries", check_name="not_empty", passed=False, severity="WARN", metadata={"rows": 20}
    )
    if way != "stdout":
        with PipesDefaultLogWriter(pipes._message_channel, interval=0.1).open({}):
            print("hello from the child", flush=True)
    if ending == "fails":
        fail()

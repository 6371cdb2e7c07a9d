import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Notice, noticeText } from '../core/notice.ts';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import { watchCalls } from './watch-calls.ts';

/** Publishes notices to topics. */
export class SnsNoticeSender {
  readonly #client: SNSClient;

  constructor(options: AwsClientOptions) {
    this.#client = watchCalls(new SNSClient(clientSettings(options)), options);
  }

  /** Resolves once SNS has taken it. A FIFO topic drops a repeat within five minutes (API Publish, MessageDeduplicationId). */
  async publish(topic: string, notice: Notice, stop: AbortSignal): Promise<void> {
    const words = noticeText(notice);
    const fifo = topic.endsWith('.fifo')
      ? { MessageGroupId: fifoId(notice.flow), MessageDeduplicationId: fifoId(notice.dedupeKey) }
      : {};
    const input = {
      TopicArn: topic,
      Subject: subjectOf(words),
      Message: words,
      MessageAttributes: {
        dedupeKey: textValue(notice.dedupeKey),
        flow: textValue(notice.flow),
        status: textValue(notice.runs[0]?.status ?? 'none'),
        runId: textValue(notice.runs[0]?.runId ?? 'none'),
      },
      ...fifo,
    };
    await this.#client.send(new PublishCommand(input), { abortSignal: stop });
  }
}

function textValue(StringValue: string) {
  return { DataType: 'String', StringValue };
}

/** ASCII without line breaks, fewer than 100 characters (API Publish, Subject). */
function subjectOf(words: string): string {
  return (words.split('\n')[0] ?? '').replace(/[^ -~]/g, '?').slice(0, 99);
}

/** 128 characters without spaces (API Publish, MessageGroupId). */
function fifoId(text: string): string {
  return text.replace(/[^!-~]/g, '_').slice(-128);
}

/** The one operation of STS that local AWS has: who am I. In the query protocol, whose answers are XML. */
export function callerIdentityXml(options: { accountId: string; requestId: string }): string {
  const { accountId, requestId } = options;
  return (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
    `<Arn>arn:aws:iam::${accountId}:user/local</Arn><UserId>AIDALOCALUSER</UserId><Account>${accountId}</Account>` +
    `</GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>` +
    '</GetCallerIdentityResponse>'
  );
}

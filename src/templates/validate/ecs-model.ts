/**
 * Every field of RegisterTaskDefinition and RunTask, as @aws-sdk/client-ecs 3.1162.0 declares them. Made by
 * scripts/make-ecs-model.ts. `!` marks required fields, `[]` lists, `{}` maps; after `=` stand an enum's values.
 */
export const ECS_MODEL = `
ApplicationProtocol = grpc http http2
AssignPublicIp = DISABLED ENABLED
AwsVpcConfiguration { subnets!:string[] securityGroups:string[] assignPublicIp:AssignPublicIp }
CPUArchitecture = ARM64 X86_64
CapacityProviderStrategyItem { capacityProvider!:string weight:number base:number }
Compatibility = EC2 EXTERNAL FARGATE MANAGED_INSTANCES
ContainerCondition = COMPLETE HEALTHY START SUCCESS
ContainerDefinition { name:string image:string repositoryCredentials:RepositoryCredentials cpu:number memory:number memoryReservation:number links:string[] portMappings:PortMapping[] essential:boolean restartPolicy:ContainerRestartPolicy entryPoint:string[] command:string[] environment:KeyValuePair[] environmentFiles:EnvironmentFile[] mountPoints:MountPoint[] volumesFrom:VolumeFrom[] linuxParameters:LinuxParameters secrets:Secret[] dependsOn:ContainerDependency[] startTimeout:number stopTimeout:number versionConsistency:VersionConsistency hostname:string user:string workingDirectory:string disableNetworking:boolean privileged:boolean readonlyRootFilesystem:boolean dnsServers:string[] dnsSearchDomains:string[] extraHosts:HostEntry[] dockerSecurityOptions:string[] interactive:boolean pseudoTerminal:boolean dockerLabels:string{} ulimits:Ulimit[] logConfiguration:LogConfiguration healthCheck:HealthCheck systemControls:SystemControl[] resourceRequirements:ResourceRequirement[] firelensConfiguration:FirelensConfiguration credentialSpecs:string[] }
ContainerDependency { containerName!:string condition!:ContainerCondition }
ContainerOverride { name:string command:string[] environment:KeyValuePair[] environmentFiles:EnvironmentFile[] cpu:number memory:number memoryReservation:number resourceRequirements:ResourceRequirement[] }
ContainerRestartPolicy { enabled!:boolean ignoredExitCodes:number[] restartAttemptPeriod:number }
Device { hostPath!:string containerPath:string permissions:DeviceCgroupPermission[] }
DeviceCgroupPermission = mknod read write
DockerVolumeConfiguration { scope:Scope autoprovision:boolean driver:string driverOpts:string{} labels:string{} }
EBSResourceType = volume
EBSTagSpecification { resourceType!:EBSResourceType tags:Tag[] propagateTags:PropagateTags }
EFSAuthorizationConfig { accessPointId:string iam:EFSAuthorizationConfigIAM }
EFSAuthorizationConfigIAM = DISABLED ENABLED
EFSTransitEncryption = DISABLED ENABLED
EFSVolumeConfiguration { fileSystemId!:string rootDirectory:string transitEncryption:EFSTransitEncryption transitEncryptionPort:number authorizationConfig:EFSAuthorizationConfig }
EnvironmentFile { value!:string type!:EnvironmentFileType }
EnvironmentFileType = s3
EphemeralStorage { sizeInGiB!:number }
FSxWindowsFileServerAuthorizationConfig { credentialsParameter!:string domain!:string }
FSxWindowsFileServerVolumeConfiguration { fileSystemId!:string rootDirectory!:string authorizationConfig!:FSxWindowsFileServerAuthorizationConfig }
FirelensConfiguration { type!:FirelensConfigurationType options:string{} }
FirelensConfigurationType = fluentbit fluentd
HealthCheck { command!:string[] interval:number timeout:number retries:number startPeriod:number }
HostEntry { hostname!:string ipAddress!:string }
HostVolumeProperties { sourcePath:string }
InferenceAccelerator { deviceName!:string deviceType!:string }
InferenceAcceleratorOverride { deviceName:string deviceType:string }
IpcMode = host none task
KernelCapabilities { add:string[] drop:string[] }
KeyValuePair { name:string value:string }
LaunchType = EC2 EXTERNAL FARGATE MANAGED_INSTANCES
LinuxParameters { capabilities:KernelCapabilities devices:Device[] initProcessEnabled:boolean sharedMemorySize:number tmpfs:Tmpfs[] maxSwap:number swappiness:number }
LogConfiguration { logDriver!:LogDriver options:string{} secretOptions:Secret[] }
LogDriver = awsfirelens awslogs fluentd gelf journald json-file splunk syslog
MountPoint { sourceVolume:string containerPath:string readOnly:boolean }
NetworkConfiguration { awsvpcConfiguration:AwsVpcConfiguration }
NetworkMode = awsvpc bridge host none
NvidiaMpsAllocation { memory!:number maxComputePercent:number }
OSFamily = LINUX WINDOWS_SERVER_2004_CORE WINDOWS_SERVER_2016_FULL WINDOWS_SERVER_2019_CORE WINDOWS_SERVER_2019_FULL WINDOWS_SERVER_2022_CORE WINDOWS_SERVER_2022_FULL WINDOWS_SERVER_2025_CORE WINDOWS_SERVER_2025_FULL WINDOWS_SERVER_20H2_CORE
PidMode = host task
PlacementConstraint { type:PlacementConstraintType expression:string }
PlacementConstraintType = distinctInstance memberOf
PlacementStrategy { type:PlacementStrategyType field:string }
PlacementStrategyType = binpack random spread
PortMapping { containerPort:number hostPort:number protocol:TransportProtocol name:string appProtocol:ApplicationProtocol containerPortRange:string }
PropagateTags = NONE SERVICE TASK_DEFINITION
ProxyConfiguration { type:ProxyConfigurationType containerName!:string properties:KeyValuePair[] }
ProxyConfigurationType = APPMESH
RegisterTaskDefinitionRequest { family!:string taskRoleArn:string executionRoleArn:string networkMode:NetworkMode containerDefinitions!:ContainerDefinition[] volumes:Volume[] placementConstraints:TaskDefinitionPlacementConstraint[] requiresCompatibilities:Compatibility[] cpu:string memory:string tags:Tag[] pidMode:PidMode ipcMode:IpcMode proxyConfiguration:ProxyConfiguration inferenceAccelerators:InferenceAccelerator[] ephemeralStorage:EphemeralStorage runtimePlatform:RuntimePlatform enableFaultInjection:boolean }
RepositoryCredentials { credentialsParameter!:string }
ResourceRequirement { value:string type!:ResourceType sharingStrategy:SharingStrategy }
ResourceType = GPU InferenceAccelerator NeuronDevice
RunTaskRequest { capacityProviderStrategy:CapacityProviderStrategyItem[] cluster:string count:number enableECSManagedTags:boolean enableExecuteCommand:boolean group:string launchType:LaunchType networkConfiguration:NetworkConfiguration overrides:TaskOverride placementConstraints:PlacementConstraint[] placementStrategy:PlacementStrategy[] platformVersion:string propagateTags:PropagateTags referenceId:string startedBy:string tags:Tag[] taskDefinition!:string clientToken:string volumeConfigurations:TaskVolumeConfiguration[] }
RuntimePlatform { cpuArchitecture:CPUArchitecture operatingSystemFamily:OSFamily }
S3FilesVolumeConfiguration { fileSystemArn!:string rootDirectory:string transitEncryptionPort:number accessPointArn:string }
Scope = shared task
Secret { name!:string valueFrom!:string }
SharingStrategy { nvidiaMps:NvidiaMpsAllocation }
SystemControl { namespace:string value:string }
Tag { key:string value:string }
TaskDefinitionPlacementConstraint { type:TaskDefinitionPlacementConstraintType expression:string }
TaskDefinitionPlacementConstraintType = memberOf
TaskFilesystemType = ext3 ext4 ntfs xfs
TaskManagedEBSVolumeConfiguration { encrypted:boolean kmsKeyId:string volumeType:string sizeInGiB:number snapshotId:string volumeInitializationRate:number iops:number throughput:number tagSpecifications:EBSTagSpecification[] roleArn!:string terminationPolicy:TaskManagedEBSVolumeTerminationPolicy filesystemType:TaskFilesystemType }
TaskManagedEBSVolumeTerminationPolicy { deleteOnTermination!:boolean }
TaskOverride { containerOverrides:ContainerOverride[] cpu:string inferenceAcceleratorOverrides:InferenceAcceleratorOverride[] executionRoleArn:string memory:string taskRoleArn:string ephemeralStorage:EphemeralStorage }
TaskVolumeConfiguration { name!:string managedEBSVolume:TaskManagedEBSVolumeConfiguration }
Tmpfs { containerPath!:string size!:number mountOptions:string[] }
TransportProtocol = tcp udp
Ulimit { name!:UlimitName softLimit!:number hardLimit!:number }
UlimitName = core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack
VersionConsistency = disabled enabled
Volume { name:string host:HostVolumeProperties dockerVolumeConfiguration:DockerVolumeConfiguration efsVolumeConfiguration:EFSVolumeConfiguration s3filesVolumeConfiguration:S3FilesVolumeConfiguration fsxWindowsFileServerVolumeConfiguration:FSxWindowsFileServerVolumeConfiguration configuredAtLaunch:boolean }
VolumeFrom { sourceContainer:string readOnly:boolean }
`;

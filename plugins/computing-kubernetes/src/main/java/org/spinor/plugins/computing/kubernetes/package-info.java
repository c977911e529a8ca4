/**
 * Computing elements of Kubernetes: each pilot is a Job with one pod. {@link
 * org.spinor.plugins.computing.kubernetes.KubernetesPlugin} describes what can be set; why it works
 * as it does stands in decision 0072.
 */
@NullMarked
package org.spinor.plugins.computing.kubernetes;

import org.jspecify.annotations.NullMarked;

package org.spinor.pilot.wrapper;

/** The job cannot succeed anywhere: its owner has to change something. */
final class JobFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private final String minorStatus;

  /**
   * @param text what is wrong, for the owner; becomes the application status
   */
  JobFailure(String minorStatus, String text) {
    super(text);
    this.minorStatus = minorStatus;
  }

  String minorStatus() {
    return minorStatus;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
